/** Finding a person: one box that understands what is typed, narrowed by birth date, station and address. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { contract as population, type PersonRow } from '../../../src/modules/population/contract.ts';
import { contract as reference } from '../../../src/modules/reference/contract.ts';
import type { OutputOf } from '../../../src/kernel/operation.ts';
import type { StatedPurpose } from '../../kit/client.ts';
import { useKeys } from '../../kit/keyboard.ts';
import { say, type Text } from '../../kit/language.ts';
import { Empty, Fault, KeyCap } from '../../kit/pieces.tsx';
import { Link } from '../../kit/router.tsx';
import { useLoad } from '../../kit/use-load.ts';
import { announce } from '../announce.tsx';
import { searchKeys } from '../keys.ts';
import { statusInOrder, useCodes, wordOf } from '../lists.ts';
import { changePurpose, PurposeStrip, usePurpose } from '../purpose.tsx';
import { readQuery, type Query } from '../query.ts';
import { moveFocus } from '../rows.ts';
import { SendingMark, useSending } from '../sending.tsx';
import { call, type Me, type Session } from '../session.ts';
import { record, review, search as words } from '../texts.ts';

type Elsewhere = NonNullable<OutputOf<typeof population.findPersonByNumber>['person']>;

interface Found {
  read: Text;
  persons: readonly PersonRow[];
  elsewhere: Elsewhere | null;
  next_cursor: string | null;
  is_first: boolean;
}
interface Conditions {
  text: string;
  birth_on: string;
  station_code: string;
  address: string;
}

const readAs: Record<Query['by'], Text> = { number: words.as_number, number_and_name: words.as_number_and_name, name: words.as_name, nothing: words.address };

async function ask(conditions: Conditions, cursor: string | null, purpose: StatedPurpose, onRetry: (attempt: number) => void): Promise<Found> {
  const query = readQuery(conditions.text);
  const options = { purpose, onRetry };
  const narrowed = {
    ...(conditions.birth_on === '' ? {} : { birth_on: conditions.birth_on }),
    ...(conditions.station_code === '' ? {} : { station_code: conditions.station_code }),
    ...(conditions.address.trim() === '' ? {} : { address: conditions.address.trim() }),
    ...(cursor === null ? {} : { cursor }),
  };
  const base = { read: readAs[query.by], elsewhere: null, is_first: cursor === null };
  if (query.by === 'number_and_name') {
    const { person } = await call(population.findPersonByNumber, { id_number: query.id_number, name: query.name }, options);
    return { ...base, persons: [], elsewhere: person, next_cursor: null };
  }
  const answer = await call(population.searchPersons, query.by === 'number' ? { id_number: query.id_number } : query.by === 'name' ? { name: query.name, ...narrowed } : narrowed, options);
  return { ...base, ...answer };
}

/** What was last asked and found at this desk, so that going back from a person shows the list again without asking again. */
let kept: { officer_id: string; conditions: Conditions; found: Found } | null = null;
const nothing: Conditions = { text: '', birth_on: '', station_code: '', address: '' };

export function SearchPage({ session }: { session: Extract<Session, { me: Me }> }) {
  const { me } = session;
  const remembered = kept?.officer_id === me.officer_id ? kept : null;
  const purpose = usePurpose(null);
  const [conditions, setConditions] = useState<Conditions>(remembered?.conditions ?? nothing);
  const [found, setFound] = useState<Found | null>(remembered?.found ?? null);
  const { sending, attempt, error, send } = useSending();
  const box = useRef<HTMLInputElement>(null);
  const results = useRef<HTMLDivElement>(null);
  const stations = useLoad(() => call(reference.searchOrganisations, { level: 'STATION', parent_code: me.post.org_code }), me.org_level === 'COUNTY' ? me.post.org_code : null);

  const submit = (cursor: string | null): void => {
    if (purpose === null) {
      changePurpose();
      return;
    }
    void send(async (onRetry) => {
      const answer = await ask(conditions, cursor, purpose, onRetry);
      kept = { officer_id: me.officer_id, conditions, found: answer };
      setFound(answer);
      announce(say(words.results, { n: answer.persons.length + (answer.elsewhere === null ? 0 : 1) }));
      if (cursor !== null) results.current?.scrollIntoView({ block: 'start' });
    });
  };
  useEffect(() => {
    if (purpose !== null && found === null) box.current?.focus();
  }, [purpose === null]);
  useKeys(searchKeys, {
    box: () => box.current?.focus(),
    next: () => moveFocus(results.current, 1),
    previous: () => moveFocus(results.current, -1),
    open: () => results.current?.querySelector<HTMLElement>('[data-row]')?.click(),
    purpose: changePurpose,
    to_results: () => moveFocus(results.current, 0),
  });
  const set = (part: Partial<Conditions>): void => setConditions({ ...conditions, ...part });

  return (
    <div class="page search-page">
      <h1>{say(words.title)}</h1>
      <PurposeStrip case_id={null} />
      <form
        class="search-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit(null);
        }}
      >
        <div class="search-main">
          <label for="search-box">{say(words.box)} <KeyCap of={searchKeys.box} /></label>
          <input id="search-box" ref={box} type="search" autocomplete="off" spellcheck={false} maxLength={80} aria-describedby="search-hint" value={conditions.text} onInput={(event) => set({ text: event.currentTarget.value })} />
          <p class="hint" id="search-hint">{say(words.box_hint)}</p>
        </div>
        <div class="search-narrow">
          <label>{say(words.birth)}<input type="date" value={conditions.birth_on} onInput={(event) => set({ birth_on: event.currentTarget.value })} /></label>
          {stations.data === undefined ? null : (
            <label>{say(words.station)}
              <select value={conditions.station_code} onChange={(event) => set({ station_code: event.currentTarget.value })}>
                <option value="">{say(words.station_all)}</option>
                {stations.data.organisations.map((station) => <option key={station.org_code} value={station.org_code}>{say({ zh: station.name, en: station.name_en })}</option>)}
              </select>
            </label>
          )}
          <label>{say(words.address)}<input autocomplete="off" maxLength={60} value={conditions.address} onInput={(event) => set({ address: event.currentTarget.value })} /></label>
          <button type="submit" class="primary" disabled={sending}>{say(words.search)}</button>
          <SendingMark of={{ sending, attempt }} />
        </div>
      </form>
      <Fault error={error} />
      <div ref={results} data-keys="list" tabIndex={-1}>
        {found === null ? <Empty title={say(words.start)}><p>{say(words.start_way)}</p></Empty>
          : found.elsewhere !== null ? <FoundElsewhere person={found.elsewhere} />
          : found.persons.length === 0 ? <Empty title={say(words.none)}><p>{say(words.none_way)}</p></Empty>
          : <Results found={found} onMore={submit} />}
      </div>
    </div>
  );
}

function FoundElsewhere({ person }: { person: Elsewhere }) {
  const statuses = useCodes('person_status');
  return (
    <section class="found-elsewhere">
      <h2>{say(words.elsewhere)}</h2>
      <p><Link href={`/persons/${person.person_id}`} data-row>{person.name}</Link> <span class="code">{person.id_number_masked}</span> <span class="chip">{wordOf(statuses, person.status)}</span></p>
      <p>{say(words.elsewhere_station, { station: say(person.station_name) })}</p>
      {person.number_was_retired ? <p class="fault-text">{say(words.retired)}</p> : null}
    </section>
  );
}

function Results({ found, onMore }: { found: Found; onMore: (cursor: string | null) => void }) {
  const sexes = useCodes('sex');
  const statuses = useCodes('person_status');
  const relations = useCodes('relationship_to_head');
  return (
    <>
      <p class="soft">{say(words.results, { n: found.persons.length })} · {say(words.read_as, { what: say(found.read) })}</p>
      <div class="table-scroll">
        <table class="rows">
          <thead>
            <tr>
              <th scope="col">{say(review.name)}</th><th scope="col">{say(review.sex)}</th><th scope="col">{say(review.birth)}</th><th scope="col">{say(review.id_number)}</th>
              <th scope="col">{say(words.status)}</th><th scope="col">{say(words.station)}</th><th scope="col">{say(record.household)}</th><th scope="col">{say(words.address)}</th>
            </tr>
          </thead>
          <tbody>
            {found.persons.map((person) => (
              <tr key={person.person_id}>
                <td class="name"><Link href={`/persons/${person.person_id}`} data-row>{person.name}</Link>{person.former_name === null ? null : <span class="soft"> {say(words.former, { name: person.former_name })}</span>}</td>
                <td class="code">{wordOf(sexes, person.sex)}</td>
                <td class="code">{person.birth_on}</td>
                <td class="code">{person.id_number_masked}</td>
                <td>{person.status === statusInOrder ? wordOf(statuses, person.status) : <span class="chip chip-amber">{wordOf(statuses, person.status)}</span>}</td>
                <td>{say(person.station_name)}</td>
                <td class="code">{person.household_id === null ? '—' : <Link href={`/households/${person.household_id}`}>{person.household_no ?? say(record.household)}</Link>} {person.relation === null ? '' : wordOf(relations, person.relation)}</td>
                <td class="address">{person.address}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="more-row">
        {found.is_first ? null : <button type="button" onClick={() => onMore(null)}>{say(words.first)}</button>}
        {found.next_cursor === null ? null : <button type="button" onClick={() => onMore(found.next_cursor)}>{say(words.more)}</button>}
      </p>
    </>
  );
}
