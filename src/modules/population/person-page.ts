/** A person as a timeline, on any day and as the register knew it at any instant. */
import { legalDay } from '../../kernel/clock.ts';
import type { Context } from '../../kernel/context.ts';
import type { InputOf } from '../../kernel/operation.ts';
import { Refusal } from '../../kernel/refusal.ts';
import { maskIdNumber } from '../reference/index.ts';
import type { contract, LeaseView, PersonPage, Relative, TimelineEntry } from './contract.ts';
import type { Lease } from './leases.ts';
import { personStatus } from './move-facts.ts';
import { placesOf, type Places } from './places.ts';
import { changesAfter, holdsAt, householdOn, known, momentsOf } from './versions.ts';

interface PersonVersion {
  person_id: string; id_number: string; name: string; former_name: string | null; sex: string; ethnicity: string; birth_on: string;
  birthplace: string | null; native_place: string | null; status: string; died_on: string | null; education: string | null; marital_status: string | null;
  military_service: string | null; blood_type: string | null; height_cm: number | string | null; occupation: string | null; workplace: string | null;
  phone: string | null; synthetic: boolean; version: number; case_id: string; recorded_from: string;
}
interface MembershipRow {
  household_id: string; household_no: string | null; household_type: string | null; address_id: string | null; relation: string; station_code: string;
  from_at: string; to_at: string | null; holds: boolean; case_id: string; recorded_from: string;
}
interface MovementRow {
  moved_at: string; moved_on: string; out_station_code: string | null; in_station_code: string | null; in_household_id: string | null; reason: string; range: string;
  reverses: string | null; case_id: string; recorded_from: string;
}
interface AlterationRow {
  item: string; kind: 'change' | 'correction'; old_value: string | null; new_value: string | null; effective_on: string; case_id: string; recorded_from: string;
}
interface KinRow {
  person_id: string | null; name: string | null; kind: Relative['kind']; from_on: string; until_on: string | null; case_id: string; recorded_from: string;
}
interface FoundPerson {
  person: PersonVersion;
  memberships: MembershipRow[] | null;
  movements: MovementRow[] | null;
  alterations: AlterationRow[] | null;
  kin: KinRow[] | null;
  leases: Lease[] | null;
  past: Array<{ version: number; recorded_from: string; recorded_until: string; case_id: string }> | null;
}

// $1 person, $2 day, $3 last instant of the day, $4 instant of knowledge
const personStatement = `
  select
    to_jsonb(p) || coalesce(${changesAfter('$1', '$2::date', '$4::timestamptz')}, '{}') as person,
    (select json_agg(json_build_object('household_id', m.household_id, 'household_no', h.household_no, 'household_type', h.household_type, 'address_id', h.address_id,
       'relation', m.relation, 'station_code', m.station_code, 'from_at', lower(m.period), 'to_at', upper(m.period), 'holds', ${holdsAt('m.period', '$3::timestamptz')},
       'case_id', m.case_id, 'recorded_from', m.recorded_from) order by lower(m.period))
     from ${known('membership', '$4::timestamptz', 'person_id = $1')} m left join lateral ${householdOn('m.household_id', '$3::timestamptz', '$4::timestamptz')} h on true) as memberships,
    (select json_agg(to_json(v) order by v.moved_at) from population.movement v where v.person_id = $1 and v.recorded_from <= $4) as movements,
    (select json_agg(to_json(a) order by a.effective_on, a.recorded_from, a.alteration_id) from population.alteration a where a.person_id = $1 and a.recorded_from <= $4) as alterations,
    (select json_agg(json_build_object('person_id', r.person_id, 'name', r.name, 'kind', case when k.person_id = $1 then k.kind when k.kind = 'guardian' then 'ward' else 'child' end,
       'from_on', k.from_on, 'until_on', k.until_on, 'case_id', k.case_id, 'recorded_from', k.recorded_from) order by k.from_on, k.kin_link_id)
     from ${known('kin_link', '$4::timestamptz', "(person_id = $1 or relative_id = $1 and kind <> 'spouse')")} k
     left join population.person r on r.person_id = case when k.person_id = $1 then k.relative_id else k.person_id end) as kin,
    (select json_agg(to_json(l) order by l.opened_at, l.lease_id) from population.lease l where l.subject_id = $1 and l.released_at is null and l.expires_at > kernel.moment()) as leases,
    (select json_agg(json_build_object('version', o.version, 'recorded_from', o.recorded_from, 'recorded_until', o.recorded_until, 'case_id', o.case_id) order by o.version)
     from population.person_past o where o.person_id = $1 and o.version < p.version) as past
  from ${known('person', '$4::timestamptz', 'person_id = $1')} p`;

/**
 * A person of the jurisdiction, or one disclosed for a case.
 * @throws Refusal population.person_not_found, unmask_needs_case
 */
export async function getPerson(context: Context, input: InputOf<typeof contract.getPerson>): Promise<PersonPage> {
  if (input.unmask === true && context.purpose?.case_id == null) throw new Refusal('population.unmask_needs_case');
  const [found] = await context.query<FoundPerson>(personStatement, [input.person_id, ...momentsOf(input)]);
  // Who is seen only in the past of one's own station is another station's today.
  if (found === undefined) throw new Refusal('population.person_not_found');
  const { person, memberships, movements, alterations, kin, leases, past } = found;
  const places = await placesOf(context,
    [...(memberships ?? []).map((row) => row.station_code), ...(movements ?? []).flatMap((row) => [row.out_station_code, row.in_station_code]), ...(leases ?? []).map((lease) => lease.org_code)],
    (memberships ?? []).map((row) => row.address_id));
  const household = memberships?.find((row) => row.holds);
  const today = input.as_of ?? legalDay(context.now);
  const { id_number, version, case_id, recorded_from, ...items } = person;
  return {
    person_id: items.person_id, name: items.name, former_name: items.former_name, sex: items.sex, birth_on: items.birth_on, ethnicity: items.ethnicity,
    birthplace: items.birthplace, native_place: items.native_place, status: items.status, died_on: items.status === personStatus.dead ? items.died_on : null,
    education: items.education, marital_status: items.marital_status, military_service: items.military_service, blood_type: items.blood_type,
    height_cm: items.height_cm === null ? null : Number(items.height_cm), occupation: items.occupation, workplace: items.workplace, phone: items.phone, synthetic: items.synthetic,
    id_number_masked: maskIdNumber(id_number),
    whole_number: input.unmask === true ? { person_id: items.person_id, id_number } : null,
    household: household === undefined ? null : {
      household_id: household.household_id, household_no: household.household_no, household_type: household.household_type, relation: household.relation,
      station_code: household.station_code, station_name: places.station(household.station_code), address: places.address(household.address_id),
    },
    relatives: (kin ?? []).filter((one) => one.from_on <= today && (one.until_on === null || one.until_on > today))
      .map(({ person_id, name, kind, from_on, until_on }) => ({ person_id, name, kind, from_on, until_on })),
    leases: (leases ?? []).map((lease) => leaseView(lease, places)),
    timeline: timelineOf(found, places, input.as_of),
    versions: [...(past ?? []), { version, recorded_from, recorded_until: null, case_id }],
    as_of: input.as_of ?? null, known_at: input.known_at ?? null,
  };
}

export function leaseView(lease: Lease, places: Places): LeaseView {
  return { kind: lease.kind, case_id: lease.case_id, case_no: lease.case_no, holder: lease.holder_name, office: places.station(lease.org_code), phone: lease.holder_phone, expires_at: lease.expires_at };
}

/** What happened to somebody, newest first, up to a day. A move and the membership it begins or ends are one entry. */
function timelineOf({ memberships, movements, alterations, kin }: FoundPerson, places: Places, as_of: string | undefined): TimelineEntry[] {
  const entries: TimelineEntry[] = [];
  const stamp = (row: { case_id: string; recorded_from: string }) => ({ case_id: row.case_id, recorded_at: row.recorded_from });
  const dayOf = (instant: string): string => legalDay(new Date(instant));
  const station = (code: string | null) => (code === null ? null : places.station(code));

  const rows = memberships ?? [];
  rows.forEach((row, at) => {
    const before = rows[at - 1];
    const move = movements?.find((one) => one.in_household_id === row.household_id && Date.parse(one.moved_at) === Date.parse(row.from_at));
    if (move !== undefined) {
      entries.push({
        on: move.moved_on, kind: move.reverses === null ? 'moved' : 'reversed', household_no: row.household_no, relation: row.relation,
        out_station: station(move.out_station_code), in_station: station(move.in_station_code), reason: move.reason, range: move.range, ...stamp(move),
      });
    } else {
      const same = before !== undefined && before.household_id === row.household_id && before.to_at === row.from_at;
      entries.push({ on: dayOf(row.from_at), kind: same ? 'relation' : 'joined', household_no: row.household_no, relation: row.relation, in_station: station(row.station_code), ...stamp(row) });
    }
    const next = rows[at + 1];
    const isMoveOut = movements?.some((one) => one.in_station_code === null && Date.parse(one.moved_at) === Date.parse(row.to_at ?? '')) === true;
    if (row.to_at !== null && next?.from_at !== row.to_at && !isMoveOut) entries.push({ on: dayOf(row.to_at), kind: 'left', household_no: row.household_no, out_station: station(row.station_code), ...stamp(row) });
  });
  // Moves whose arrival the register does not hold: to elsewhere, or before the register began.
  for (const move of movements ?? []) {
    if (rows.some((row) => move.in_household_id === row.household_id && Date.parse(move.moved_at) === Date.parse(row.from_at))) continue;
    entries.push({ on: move.moved_on, kind: 'moved', out_station: station(move.out_station_code), in_station: station(move.in_station_code), reason: move.reason, range: move.range, ...stamp(move) });
  }
  for (const row of alterations ?? []) {
    entries.push({ on: row.effective_on, kind: row.kind === 'change' ? 'altered' : 'corrected', item: row.item, old_value: row.old_value, new_value: row.new_value, ...stamp(row) });
  }
  for (const row of kin ?? []) {
    entries.push({ on: row.from_on, kind: 'kin', kin: row.kind, ...stamp(row) });
    if (row.until_on !== null) entries.push({ on: row.until_on, kind: 'kin_ended', kin: row.kind, ...stamp(row) });
  }
  return entries
    .filter((entry) => as_of === undefined || entry.on <= as_of)
    .sort((a, b) => (a.on === b.on ? Date.parse(b.recorded_at) - Date.parse(a.recorded_at) : a.on < b.on ? 1 : -1));
}
