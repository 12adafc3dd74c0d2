/** A household with its members, on any day and as the register knew it at any instant. */
import type { Context } from '../../kernel/context.ts';
import type { InputOf } from '../../kernel/operation.ts';
import { Refusal } from '../../kernel/refusal.ts';
import { maskIdNumber } from '../reference/index.ts';
import type { contract, HouseholdPage, Member } from './contract.ts';
import type { Lease } from './leases.ts';
import { leaseView } from './person-page.ts';
import { placesOf } from './places.ts';
import { changesAfter, holdsAt, householdOn, known, momentsOf } from './versions.ts';

/** A family fits on one page; the members of a collective household are turned over by the hundred. */
const MEMBERS_MAX = 100;

interface FoundHousehold {
  household_id: string;
  household_no: string;
  household_type: string;
  station_code: string;
  address_id: string;
  established_on: string;
  status: 'active' | 'closed';
  closed_on: string | null;
  members: Array<{
    person_id: string; relation: string; since_on: string; until_on: string | null;
    person: { name: string; sex: string; birth_on: string; id_number: string; status: string };
  }> | null;
  leases: Lease[] | null;
}

// $1 household, $2 day, $3 last instant of the day, $4 instant of knowledge, $5 person after whom the page begins
const householdStatement = `
  select h.household_id, h.household_no, h.household_type, h.station_code, h.address_id, h.established_on::text,
    case when h.closed_on > $2::date then 'active' else h.status end as status, case when h.closed_on <= $2::date then h.closed_on::text end as closed_on,
    (select json_agg(m order by m.relation <> '02', m.person_id) from (
       select m.person_id, m.relation, (lower(m.period) at time zone 'Asia/Shanghai')::date as since_on, (upper(m.period) at time zone 'Asia/Shanghai')::date as until_on,
         to_jsonb(p) || coalesce(${changesAfter('m.person_id', '$2::date', '$4::timestamptz')}, '{}') as person
       from ${known('membership', '$4::timestamptz', 'household_id = $1')} m
       join lateral ${known('person', '$4::timestamptz', 'person_id = m.person_id')} p on true
       where ${holdsAt('m.period', '$3::timestamptz')} and ($5::uuid is null or m.person_id > $5)
       order by m.relation <> '02', m.person_id limit ${MEMBERS_MAX + 1}) m) as members,
    (select json_agg(to_json(l) order by l.opened_at, l.lease_id) from population.lease l where l.subject_id = $1 and l.released_at is null and l.expires_at > kernel.moment()) as leases
  from ${householdOn('$1', '$3::timestamptz', '$4::timestamptz')} h`;

/**
 * A household of the jurisdiction, or one disclosed for a case, with those of its members whom the caller may see.
 * @throws Refusal population.household_not_found
 */
export async function getHousehold(context: Context, input: InputOf<typeof contract.getHousehold>): Promise<HouseholdPage> {
  const [household] = await context.query<FoundHousehold>(householdStatement, [input.household_id, ...momentsOf(input), input.after ?? null]);
  if (household === undefined) throw new Refusal('population.household_not_found');
  const { members, leases, ...shown } = household;
  const places = await placesOf(context, [household.station_code, ...(leases ?? []).map((lease) => lease.org_code)], [household.address_id]);
  const page = (members ?? []).slice(0, MEMBERS_MAX);
  return {
    ...shown, station_name: places.station(household.station_code), address: places.address(household.address_id),
    members: page.map(({ person_id, relation, since_on, until_on, person }): Member => ({
      person_id, relation, since_on, until_on, name: person.name, sex: person.sex, birth_on: person.birth_on, status: person.status, id_number_masked: maskIdNumber(person.id_number),
    })),
    next_after: (members?.length ?? 0) > MEMBERS_MAX ? page.at(-1)!.person_id : null,
    leases: (leases ?? []).map((lease) => leaseView(lease, places)),
    as_of: input.as_of ?? null, known_at: input.known_at ?? null,
  };
}
