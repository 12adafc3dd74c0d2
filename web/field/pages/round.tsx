/** The own area: door by door, or somebody by name; and what was taken along. */
import { useEffect, useState } from 'preact/hooks';
import { contract as field, type FieldHousehold } from '../../../src/modules/field/contract.ts';
import { contract as population, type PersonRow } from '../../../src/modules/population/contract.ts';
import type { StatedPurpose } from '../../kit/client.ts';
import { dayOf } from '../../kit/format.ts';
import { say } from '../../kit/language.ts';
import { Fault, Notice } from '../../kit/pieces.tsx';
import { Link } from '../../kit/router.tsx';
import { useLoad } from '../../kit/use-load.ts';
import { useCodes, wordOf } from '../codes.ts';
import { PurposeForm, PurposeLine, usePurpose } from '../purpose.tsx';
import { call, useOutbox, type Session } from '../session.ts';
import { sheetsMax, takeAlong, useTaken } from '../taken.ts';
import { round as words, shell } from '../texts.ts';

type View = 'community' | 'person' | 'taken';
/** Where the round stands, kept while the page lives: somebody comes back from every door. */
const place: { view: View; community: string; households: FieldHousehold[]; next: string | null; found: PersonRow[] | null; typed: string } = { view: 'community', community: '', households: [], next: null, found: null, typed: '' };

interface RoundProps {
  session: Extract<Session, { holder: unknown }>;
  line: boolean;
}

export function RoundPage({ session, line }: RoundProps) {
  const purpose = usePurpose();
  const taken = useTaken();
  const [view, setViewState] = useState<View>(line ? place.view : 'taken');
  const setView = (next: View): void => {
    place.view = next;
    setViewState(next);
  };
  useEffect(() => {
    if (!line) setViewState('taken');
  }, [line]);
  const views: [View, string][] = [['community', say(words.by_community)], ['person', say(words.by_person)], ['taken', `${say(words.taken)} ${taken.length}`]];
  return (
    <>
      <h1 class="unseen">{say(shell.round)}</h1>
      {purpose === null ? null : <PurposeLine purpose={purpose} />}
      {line ? null : <Notice kind="warning"><p>{say(words.offline)}</p></Notice>}
      {purpose === null && line ? <PurposeForm /> : (
        <>
          <div class="segments" role="tablist">
            {views.map(([name, label]) => <button key={name} type="button" role="tab" aria-selected={view === name} disabled={!line && name !== 'taken'} onClick={() => setView(name)}>{label}</button>)}
          </div>
          {view === 'community' && purpose !== null ? <Communities purpose={purpose} officer_id={session.holder.officer_id} /> : null}
          {view === 'person' && purpose !== null ? <Search purpose={purpose} org_code={session.holder.org_code} /> : null}
          {view === 'taken' ? <Taken /> : null}
        </>
      )}
    </>
  );
}

function Communities({ purpose, officer_id }: { purpose: StatedPurpose; officer_id: string }) {
  const { data, error } = useLoad((signal) => call(field.listCommunities, {}, { signal }), 'communities');
  const [community, setCommunity] = useState(place.community);
  const [households, setHouseholds] = useState(place.households);
  const [next, setNext] = useState(place.next);
  const [state, setState] = useState<{ busy: boolean; error: unknown; isEmpty: boolean }>({ busy: false, error: undefined, isEmpty: false });

  const read = async (community_code: string, after: string | null): Promise<void> => {
    setState({ busy: true, error: undefined, isEmpty: false });
    try {
      let page = await call(field.listHouseholds, { community_code, ...(after === null ? {} : { after }) }, { purpose });
      // Doors behind which nobody is registered make empty pages; the next ones are asked for.
      for (let more = 0; page.households.length === 0 && page.next !== null && more < 10; more++) page = await call(field.listHouseholds, { community_code, after: page.next }, { purpose });
      place.households = after === null ? page.households : [...place.households, ...page.households];
      place.next = page.next;
      setHouseholds(place.households);
      setNext(page.next);
      setState({ busy: false, error: undefined, isEmpty: place.households.length === 0 });
    } catch (failed) {
      setState({ busy: false, error: failed, isEmpty: false });
    }
  };
  return (
    <>
      <label class="field-block">
        <span>{say(words.community)}</span>
        <select value={community} onChange={(event) => {
          const code = event.currentTarget.value;
          place.community = code;
          place.households = [];
          place.next = null;
          setCommunity(code);
          setHouseholds([]);
          setNext(null);
          if (code !== '') void read(code, null);
        }}>
          <option value="">{say(words.choose)}</option>
          {data?.communities.map((one) => <option key={one.community_code} value={one.community_code}>{`${one.township} ${one.name}`}</option>)}
        </select>
      </label>
      <Fault error={error ?? state.error} />
      {state.isEmpty ? <p class="nothing">{say(words.none)}</p> : null}
      <ul class="cards">
        {households.map((household) => <Household key={household.household_id} household={household} purpose={purpose} officer_id={officer_id} />)}
      </ul>
      {state.busy ? <p class="wait" role="status">{say(shell.loading)}</p> : null}
      {next === null || state.busy ? null : <button type="button" class="big" onClick={() => void read(community, next)}>{say(words.more)}</button>}
    </>
  );
}

/** The province and county stand in every line of the own area; the door is what one looks for. */
function doorOf(address: string): { before: string; door: string } {
  const at = /^.*?(?:街道|镇|乡)/u.exec(address)?.[0].length ?? 0;
  return { before: address.slice(0, at), door: address.slice(at) };
}

function Household({ household, purpose, officer_id }: { household: FieldHousehold; purpose: StatedPurpose; officer_id: string }) {
  const relations = useCodes('relationship_to_head');
  const taken = useTaken();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(undefined);
  const isTaken = household.members.every(({ person_id }) => taken.some((one) => one.person_id === person_id));
  const { before, door } = doorOf(household.address);
  const isFull = taken.length + household.members.length > sheetsMax;
  return (
    <li class="card">
      <h2>{door}<span class="unseen"> {before}</span></h2>
      <ul class="people">
        {household.members.map((member) => (
          <PersonLine key={member.person_id} person_id={member.person_id} name={member.name} facts={say(words.person, { relation: wordOf(relations, member.relation) ?? '', ...factsOf(member) })} />
        ))}
      </ul>
      <Fault error={error} />
      {isFull && !isTaken ? <p class="hint">{say(words.full, { n: sheetsMax })}</p> : (
        <button type="button" class={isTaken ? 'taken' : ''} disabled={busy || isTaken} onClick={() => {
          setBusy(true);
          setError(undefined);
          takeAlong(household.members.map(({ person_id }) => person_id), officer_id, purpose).catch(setError).finally(() => setBusy(false));
        }}>{say(isTaken ? words.is_taken : busy ? words.taking : words.take)}</button>
      )}
    </li>
  );
}

function factsOf({ sex, birth_on }: { sex: string; birth_on: string }): { sex: string; age: number } {
  const today = dayOf(new Date());
  return { sex: say(sex === '1' ? words.male : words.female), age: Number(today.slice(0, 4)) - Number(birth_on.slice(0, 4)) - (today.slice(5) < birth_on.slice(5) ? 1 : 0) };
}

function PersonLine({ person_id, name, facts }: { person_id: string; name: string; facts: string }) {
  const outbox = useOutbox();
  const waits = outbox.items.some((item) => item.person_id === person_id);
  return (
    <li>
      <Link href={`/field/person/${person_id}`} class="person">
        <strong>{name}</strong>
        <span>{facts}</span>
        {waits ? <span class="chip">{say(words.waiting)}</span> : null}
        <span class="go" aria-hidden="true">›</span>
      </Link>
    </li>
  );
}

function Search({ purpose, org_code }: { purpose: StatedPurpose; org_code: string }) {
  const [typed, setTyped] = useState(place.typed);
  const [found, setFound] = useState(place.found);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(undefined);
  const find = (): void => {
    const text = typed.trim();
    if (text === '' || busy) return;
    setBusy(true);
    setError(undefined);
    const by = /^[\dXx\s]{15,24}$/.test(text) ? { id_number: text } : { name: text, station_code: org_code };
    call(population.searchPersons, by, { purpose }).then(({ persons }) => {
      Object.assign(place, { found: persons, typed: text });
      setFound(persons);
    }).catch(setError).finally(() => setBusy(false));
  };
  return (
    <>
      <form noValidate class="search" role="search" onSubmit={(event) => {
        event.preventDefault();
        find();
      }}>
        <input type="search" aria-label={say(words.search)} placeholder={say(words.search)} autocomplete="off" maxLength={50} value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
        <button type="submit" class="primary" disabled={busy}>{say(words.find)}</button>
      </form>
      <Fault error={error} />
      {found === null ? null : found.length === 0 ? <p class="nothing" role="status">{say(words.nobody)}</p> : (
        <ul class="card people" aria-live="polite">
          {found.map((person) => <PersonLine key={person.person_id} person_id={person.person_id} name={person.name} facts={`${say(words.person_plain, factsOf(person))} · ${doorOf(person.address).door}`} />)}
        </ul>
      )}
    </>
  );
}

function Taken() {
  const taken = useTaken();
  if (taken.length === 0) return <p class="nothing">{say(words.taken_none)}</p>;
  return (
    <>
      <p class="hint">{say(words.take_hint)}</p>
      <ul class="card people">
        {taken.map(({ person_id, sheet }) => <PersonLine key={person_id} person_id={person_id} name={sheet.name} facts={`${say(words.person_plain, factsOf(sheet))} · ${doorOf(sheet.address).door}`} />)}
      </ul>
    </>
  );
}
