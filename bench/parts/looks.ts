/**
 * What officers look up, each with its bar and its yardstick: the same rows by key from the same tables as the owner,
 * without row security, jurisdiction, order, purpose, session or record.
 */
import { gramsForQuery } from '../../src/kernel/search-keys.ts';
import type { Desk } from './bureau.ts';
import { typed, type Probe } from './probes.ts';

/** An officer at work: where, on whom and on which cases. */
export interface Seat {
  desk: Desk;
  org_code: string;
  role: string;
  /** Counties of the jurisdiction. */
  counties: readonly string[];
  probes: readonly Probe[];
  /** Bearers of names long enough to have a middle; few are. */
  long_named: readonly Probe[];
  /** Cases under way that the office sees. */
  cases: readonly string[];
}

/** One question: through the office, and as raw SQL. */
export interface Turn {
  ask: () => Promise<unknown>;
  raw: Raw;
  values: unknown[];
}

export interface Look {
  name: string;
  bar_ms: number;
  turnsOf(seat: Seat): Turn[];
}

const purpose = 'counter_enquiry';
const nameBar = 10;
const otherBar = 30;
const shown = 'p.person_id, p.name, p.sex, p.birth_on, p.id_number, p.status, p.station_code, p.household_id, p.address_id';

/** Prepared under these names. */
export const rawStatements = {
  nothing: 'select 1',
  number: `select ${shown} from population.person p where p.id_number = $1`,
  grams: `select found.* from unnest($1::text[]) as c cross join lateral (select ${shown} from population.search_key k join population.person p on p.person_id = k.person_id where k.name_grams @> population.grams_in_county(c, $2) limit 20) as found limit 20`,
  sound: `select ${shown} from population.name_sound n join population.person p on p.person_id = n.person_id where n.county_code = any($1) and n.sound >= $2 and n.sound < $2 || '~' limit 20`,
  birth: `select ${shown} from population.search_key k join population.person p on p.person_id = k.person_id where k.county_code = any($1) and k.birth_on = $2 and k.name_grams @> population.grams_in_county(k.county_code, $3) limit 20`,
  place: `select ${shown} from reference.standard_address a join population.household h on h.address_id = a.address_id join population.membership m on m.household_id = h.household_id and upper_inf(m.period)
    join population.person p on p.person_id = m.person_id where reference.bounded_keys(a.station_code, a.line_grams) @> reference.bounded_keys($1, $2) limit 20`,
  person: `select p.*, (select json_agg(m) from population.membership m where m.person_id = p.person_id) as memberships, (select json_agg(v) from population.movement v where v.person_id = p.person_id) as movements,
    (select json_agg(a) from population.alteration a where a.person_id = p.person_id) as alterations, (select json_agg(k) from population.kin_link k where k.person_id = p.person_id or k.relative_id = p.person_id) as kin
    from population.person p where p.person_id = $1`,
  household: `select h.*, ${shown}, m.relation from population.household h join population.membership m on m.household_id = h.household_id and upper_inf(m.period) join population.person p on p.person_id = m.person_id where h.household_id = $1`,
  past: `select h.*, ${shown}, m.relation from population.household h join population.membership m on m.household_id = h.household_id and m.period @> $2::timestamptz join population.person p on p.person_id = m.person_id where h.household_id = $1`,
  queue: 'select case_id, case_no, service_code, state, applicant_name, waiting_act, waiting_since, step_due_at from cases.case_file where waiting_org = $1 and waiting_role = $2 order by step_due_at limit 30',
  closed: 'select case_id, case_no, service_code, state, applicant_name, closed_at from cases.case_file where closed_at is not null order by coalesce(closed_at, submitted_at) desc, case_id desc limit 30',
  counts: 'select waiting_act, count(*) from cases.case_file where waiting_org = $1 and waiting_role = $2 group by waiting_act',
  screen: `select c.*, (select json_agg(s) from cases.step s where s.case_id = c.case_id) as steps, (select json_agg(m) from cases.material m where m.case_id = c.case_id) as materials,
    (select json_agg(p) from cases.party y join population.person p on p.person_id = y.person_id where y.case_id = c.case_id) as persons from cases.case_file c where c.case_id = $1`,
} as const;

type Raw = keyof typeof rawStatements;

/** A look at persons: one turn for each probe that has what is typed. */
function search(name: string, bar_ms: number, input: (probe: Probe) => object | undefined, raw: Raw, values: (seat: Seat, probe: Probe) => unknown[], probesOf = ({ probes }: Seat) => probes): Look {
  return {
    name, bar_ms,
    turnsOf: (seat) => probesOf(seat).flatMap((probe) => {
      const body = input(probe);
      return body === undefined ? [] : [{ ask: () => seat.desk.post('/api/population/persons/search', body, purpose), raw, values: values(seat, probe) }];
    }),
  };
}

function byName(name: string, type: (name: string) => string | undefined, probesOf?: (seat: Seat) => readonly Probe[]): Look {
  const input = (probe: Probe): { name: string } | undefined => {
    const text = type(probe.name);
    return text === undefined ? undefined : { name: text };
  };
  return search(name, nameBar, input, 'grams', (seat, probe) => [seat.counties, gramsForQuery(input(probe)!.name)], probesOf);
}

function bySound(name: string, type: (name: string) => string | undefined): Look {
  const input = (probe: Probe): { name: string } | undefined => {
    const text = type(probe.name);
    // A character without a known reading has no letters to type.
    return text === undefined || !/^[a-z]{2,}$/.test(text) ? undefined : { name: text };
  };
  return search(name, nameBar, input, 'sound', (seat, probe) => [seat.counties, input(probe)!.name]);
}

function page(name: string, path: (probe: Probe) => string, raw: Raw, values: (probe: Probe) => unknown[]): Look {
  return {
    name, bar_ms: otherBar,
    turnsOf: (seat) => seat.probes.map((probe) => ({ ask: () => seat.desk.get(path(probe), purpose), raw, values: values(probe) })),
  };
}

export const looks: readonly Look[] = [
  { name: 'a request that looks up nothing', bar_ms: otherBar, turnsOf: ({ desk }) => [{ ask: () => desk.get('/api/cases/services'), raw: 'nothing', values: [] }] },
  search('number, exact', nameBar, ({ id_number }) => ({ id_number }), 'number', (_, { id_number }) => [id_number]),
  byName('name, whole', typed.whole),
  byName('name, two characters at the start', typed.start),
  byName('name, two in the middle', typed.middle, ({ long_named }) => long_named),
  byName('name, two at the end', typed.end),
  byName('name, in variant characters', typed.variants),
  bySound('pinyin, whole', typed.pinyin),
  bySound('pinyin, beginning', typed.pinyinBeginning),
  bySound('initials', typed.initials),
  search('name and birth date', nameBar, ({ name, birth_on }) => ({ name, birth_on }), 'birth', ({ counties }, { name, birth_on }) => [counties, birth_on, gramsForQuery(name)]),
  search('address in a station', otherBar, ({ place, station_code }) => ({ address: place, station_code }), 'place', (_, { place, station_code }) => [station_code, gramsForQuery(place)]),
  page('person', ({ person_id }) => `/api/population/persons/${person_id}`, 'person', ({ person_id }) => [person_id]),
  page('household', ({ household_id }) => `/api/population/households/${household_id}`, 'household', ({ household_id }) => [household_id]),
  page('household on a past day', ({ household_id, past_day }) => `/api/population/households/${household_id}?as_of=${past_day}`, 'past', ({ household_id, past_day }) => [household_id, `${past_day}T23:59:59+08:00`]),
  { name: 'queue, first page', bar_ms: otherBar, turnsOf: ({ desk, org_code, role }) => [{ ask: () => desk.get('/api/cases/queue'), raw: 'queue', values: [org_code, role] }] },
  { name: 'queue, closed lately', bar_ms: otherBar, turnsOf: ({ desk }) => [{ ask: () => desk.get('/api/cases/queue?queue=done'), raw: 'closed', values: [] }] },
  { name: 'queue, counts', bar_ms: otherBar, turnsOf: ({ desk, org_code, role }) => [{ ask: () => desk.get('/api/cases/queues'), raw: 'counts', values: [org_code, role] }] },
  { name: 'case on the review screen', bar_ms: otherBar, turnsOf: ({ desk, cases }) => cases.map((case_id) => ({ ask: () => desk.get(`/api/cases/${case_id}`), raw: 'screen', values: [case_id] })) },
];
