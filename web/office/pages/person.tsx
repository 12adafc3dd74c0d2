/** A person as a timeline, on any day. */
import { contract as population, type PersonPage as PersonData, type TimelineEntry } from '../../../src/modules/population/contract.ts';
import { fullInstantText, instantText } from '../../kit/format.ts';
import { say, type Text } from '../../kit/language.ts';
import { Fault, Loading } from '../../kit/pieces.tsx';
import { Link } from '../../kit/router.tsx';
import { useLoad } from '../../kit/use-load.ts';
import { useCodes, wordOf } from '../lists.ts';
import { usePurpose } from '../purpose.tsx';
import { call } from '../session.ts';
import { items as itemTexts, record as words } from '../texts.ts';
import { Leases, MomentBar, useMoment } from './record-parts.tsx';

/** The code list behind an item of the register, where there is one. */
const listOfItem: Record<string, string> = {
  sex: 'sex', ethnicity: 'ethnicity', education: 'education', marital_status: 'marital_status', military_service: 'military_service', blood_type: 'blood_type', occupation: 'occupation', status: 'person_status',
};
const shownItems = ['former_name', 'sex', 'birth_on', 'ethnicity', 'birthplace', 'native_place', 'status', 'died_on', 'education', 'marital_status', 'military_service', 'blood_type', 'height_cm', 'occupation', 'workplace', 'phone'] as const;
const kinTexts: Record<string, Text> = { father: words.kin_father, mother: words.kin_mother, spouse: words.kin_spouse, child: words.kin_child, guardian: words.kin_guardian, ward: words.kin_ward };

export function PersonPage({ person_id }: { person_id: string }) {
  const { case_id, as_of, known_at } = useMoment();
  const purpose = usePurpose(case_id);
  const asked = purpose === null ? null : JSON.stringify([person_id, as_of, known_at, purpose]);
  const { data, error } = useLoad((signal) => call(population.getPerson, { person_id, ...(as_of === undefined ? {} : { as_of }), ...(known_at === undefined ? {} : { known_at }) }, { signal, ...(purpose === null ? {} : { purpose }) }), asked);
  return (
    <div class="page record-page">
      {data === undefined ? <h1>{say(words.person)}</h1> : (
        <h1>{data.name} <span class="code soft">{data.id_number_masked}</span>{data.synthetic ? <span class="chip">{say(words.synthetic)}</span> : null}</h1>
      )}
      <MomentBar />
      <Fault error={error} />
      {data === undefined ? (asked === null || error !== undefined ? null : <Loading />) : <Person person={data} />}
    </div>
  );
}

function Person({ person }: { person: PersonData }) {
  const { show, known_at, case_id } = useMoment();
  const lists = {
    sex: useCodes('sex'), ethnicity: useCodes('ethnicity'), education: useCodes('education'), marital_status: useCodes('marital_status'), military_service: useCodes('military_service'),
    blood_type: useCodes('blood_type'), occupation: useCodes('occupation'), person_status: useCodes('person_status'), relationship_to_head: useCodes('relationship_to_head'),
    migration_reason: useCodes('migration_reason'),
  };
  const valueOf = (item: string, value: string | number | null): string => {
    const list = listOfItem[item];
    return value === null ? '—' : list === undefined ? String(value) : wordOf(lists[list as keyof typeof lists], String(value));
  };
  const inCase = case_id === null ? '' : `?case=${case_id}`;
  const relation = (code: string | null | undefined): string => wordOf(lists.relationship_to_head, code ?? null);
  return (
    <>
      <Leases leases={person.leases} />
      <div class="record-columns">
        <section class="record-timeline">
          <h2>{say(words.timeline)}</h2>
          <ol class="timeline">
            {person.timeline.map((entry, index) => (
              <li key={index} class={`entry entry-${entry.kind}`}>
                <time dateTime={entry.on}>{entry.on}</time>
                <div>
                  <p>{sentenceOf(entry, { relation, valueOf, reason: (code) => wordOf(lists.migration_reason, code ?? null) })}</p>
                  <p class="soft"><Link href={`/case/${entry.case_id}`}>{say(words.by_case)}</Link> · <span title={fullInstantText(entry.recorded_at)}>{say(words.recorded, { at: instantText(entry.recorded_at) })}</span></p>
                </div>
              </li>
            ))}
          </ol>
        </section>
        <div class="record-side">
          <section>
            <h2>{say(words.household_now)}</h2>
            {person.household === null ? <p class="soft">{say(words.no_household)}</p> : (
              <p>
                <Link href={`/households/${person.household.household_id}${inCase}`}>{person.household.household_no ?? say(words.household)}</Link> {relation(person.household.relation)}<br />
                {person.household.address}<br />
                <span class="soft">{say(person.household.station_name)}</span>
              </p>
            )}
          </section>
          <section>
            <h2>{say(words.relatives)}</h2>
            {person.relatives.length === 0 ? <p class="soft">{say(words.no_relatives)}</p> : (
              <ul class="plain-list">
                {person.relatives.map((relative, index) => (
                  <li key={index}>
                    <span class="kin">{say(kinTexts[relative.kind] ?? words.kin)}</span>
                    {relative.person_id === null ? <span class="soft">{say(words.elsewhere)}</span> : <Link href={`/persons/${relative.person_id}${inCase}`}>{relative.name}</Link>}
                    <span class="soft"> {say(words.since, { on: relative.from_on })}</span>
                  </li>
                ))}
              </ul>
            )}
          </section>
          <section>
            <h2>{say(words.items)}</h2>
            <dl class="claims">
              {shownItems.filter((item) => person[item] !== null).map((item) => <div key={item} class="claim"><dt>{say(itemTexts[item])}</dt><dd>{valueOf(item, person[item])}</dd></div>)}
            </dl>
          </section>
          <section>
            <h2>{say(words.versions)}</h2>
            <ul class="plain-list">
              {[...person.versions].reverse().map((version) => (
                <li key={version.version}>
                  <button type="button" class="quiet" aria-pressed={version.recorded_until === null ? known_at === undefined : known_at === version.recorded_from} onClick={() => show({ known_at: version.recorded_until === null ? null : version.recorded_from })}>
                    {say(words.version, { n: version.version, at: fullInstantText(version.recorded_from) })}
                  </button>
                  {version.recorded_until === null ? <span class="chip chip-good">{say(words.current)}</span> : null}
                </li>
              ))}
            </ul>
          </section>
        </div>
      </div>
    </>
  );
}

interface WordsFor {
  relation: (code: string | null | undefined) => string;
  valueOf: (item: string, value: string | number | null) => string;
  reason: (code: string | undefined) => string;
}

function sentenceOf(entry: TimelineEntry, { relation, valueOf, reason }: WordsFor): string {
  const place = (text: Text | null | undefined): string => (text == null ? say(words.before_register) : say(text));
  const item = entry.item === undefined ? '' : say((itemTexts as Record<string, Text>)[entry.item] ?? { zh: entry.item, en: entry.item });
  return say(words[entry.kind], {
    household_no: entry.household_no ?? '', relation: relation(entry.relation), out: place(entry.out_station), in: place(entry.in_station), reason: reason(entry.reason),
    item, before: valueOf(entry.item ?? '', entry.old_value ?? null), after: valueOf(entry.item ?? '', entry.new_value ?? null), kin: say(kinTexts[entry.kin ?? ''] ?? words.kin_child),
  });
}
