/** The family of the demo cast and how its move is declared. */
import { ageOn, legalDay } from '../../src/kernel/index.ts';
import type { World } from './world.ts';

export interface CastMember {
  person_id: string;
  name: string;
  id_number: string;
  relation: string;
  sex: string;
  birth_on: string;
}

export interface CastHousehold {
  household_id: string;
  station_code: string;
  address_id: string;
  members: CastMember[];
}

/** Looks behind the second wall: who is in the household of somebody now, head first. */
export async function householdOf(world: World, person_id: string): Promise<CastHousehold> {
  const { rows: [household] } = await world.police.owner.query(
    `select h.household_id, h.station_code, h.address_id, (
       select json_agg(json_build_object('person_id', p.person_id, 'name', p.name, 'id_number', p.id_number, 'relation', m.relation, 'sex', p.sex, 'birth_on', p.birth_on) order by m.relation <> '02', p.birth_on)
       from population.membership m join population.person p using (person_id) where m.household_id = h.household_id and upper_inf(m.period)) as members
     from population.membership own join population.household h using (household_id) where own.person_id = $1 and upper_inf(own.period)`, [person_id]);
  return household as CastHousehold;
}

/** A standard address of a station at which nobody lives. */
export async function freeAddress(world: World, station_code: string, offset = 0): Promise<string> {
  const { rows: [row] } = await world.police.owner.query(
    `select a.address_id from reference.standard_address a where a.station_code = $1
     and not exists (select from population.household h where h.address_id = a.address_id and h.status = 'active') order by a.line limit 1 offset $2`, [station_code, offset]);
  if (row !== undefined) return row.address_id as string;
  const { rows: [any] } = await world.police.owner.query('select address_id from reference.standard_address where station_code = $1 order by line limit 1 offset $2', [station_code, offset]);
  return any.address_id as string;
}

export interface MoveDeclaration {
  service_code: string;
  applicant_name: string;
  applicant_id_number: string;
  applicant_phone: string;
  answers: Record<string, unknown>;
  materials: { code: string; by: string; certificate_no?: string }[];
}

/** The declaration of some members of a household for a new household at a free address of a station. */
export async function declareMove(world: World, household: CastHousehold, movers: readonly CastMember[], target_station: string, service_code: string, changes: Record<string, unknown> = {}): Promise<MoveDeclaration> {
  const applicant = movers[0]!;
  const isWhole = movers.length === household.members.length;
  const takesMinor = movers.some((member) => ageOn(member.birth_on, legalDay(world.clock.now())) < 18);
  const relation = (member: CastMember): string => (member === movers[0] ? '02' : member.relation === '02' ? '10' : member.relation);
  return {
    service_code, applicant_name: applicant.name, applicant_id_number: applicant.id_number, applicant_phone: '19900001234',
    answers: {
      movers: movers.map((member) => ({ name: member.name, id_number: member.id_number, relation: relation(member) })),
      whole_household: isWhole, address_id: await freeAddress(world, target_station), household_choice: 'new', reason: '99', housing_basis: 'owned',
      ...(isWhole ? {} : { head_leaves: movers.some((member) => member.relation === '02') }),
      ...(takesMinor && !isWhole ? { minor_follows_divorced_parent: false } : {}),
      applicant_phone: '19900001234', delivery_mode: 'electronic', ...changes,
    },
    materials: [{ code: 'M01', by: 'provided' }, { code: 'M24', by: 'provided' }],
  };
}
