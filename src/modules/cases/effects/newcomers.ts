/** Those who enter the register: newborns, adopted and found children, people who return or were never entered. */
import { newId } from '../../../kernel/ids.ts';
import { familyHousehold, headRelation, personStatus, type KinFacts, type Link, type PlanAct, type RegisterPlan } from '../../population/index.ts';
import { NON_RELATIVE } from '../../reference/index.ts';
import type { CaseFacts, NewPerson } from '../facts.ts';
import type { PartName } from '../file.ts';
import { answerOf, personAs } from '../rules/rule.ts';
import { departures, rangeOf, rangeTo, reasonOf, type Effect } from './effect.ts';
import { noLongerOnlyChildren, relationTo } from './kinship.ts';

/** The household that somebody comes to: the one joined, or a new one that he is the head of. */
export interface Destination {
  household_id: string;
  acts: PlanAct[];
  relation: string;
}

/**
 * Where somebody who is alone settles: in the household named, else in a new one at the declared address.
 * @param links of the register with those that the case makes
 * @returns null while neither is known
 */
export function destinationOf(facts: CaseFacts, person: { person_id: string; sex: '1' | '2'; birth_on: string }, links: readonly KinFacts[]): Destination | null {
  const { target_household: joined, file } = facts;
  if (joined !== null) {
    const relation = joined.household_type === familyHousehold ? relationTo(person, joined, links, answerOf(facts, 'target_relation')) : NON_RELATIVE;
    return { household_id: joined.household_id, relation, acts: [] };
  }
  if (file.target_address_id === null || file.answers['household_choice'] !== 'new') return null;
  const household_id = newId();
  return { household_id, relation: headRelation, acts: [foundFamily(household_id, file.target_address_id, file.target_org)] };
}

/**
 * Several people settle together: in the household joined under the relations declared, or in a new one whose head is
 * the one declared so, else the first. @returns null while the place is not known
 */
export function settlingActs(facts: CaseFacts, people: readonly { person_id: string; relation: string }[]): PlanAct[] | null {
  const { target_household: joined, file } = facts;
  if (joined !== null) {
    const collective = joined.household_type !== familyHousehold;
    return people.map(({ person_id, relation }): PlanAct => ({ op: 'enter', person_id, household_id: joined.household_id, relation: collective ? NON_RELATIVE : relation }));
  }
  if (file.target_address_id === null || file.answers['household_choice'] === 'join' || file.answers['household_choice'] === 'collective') return null;
  const household_id = newId();
  const headDeclared = people.some(({ relation }) => relation === headRelation);
  return [
    foundFamily(household_id, file.target_address_id, file.target_org),
    ...people.map(({ person_id, relation }, at): PlanAct => ({ op: 'enter', person_id, household_id, relation: !headDeclared && at === 0 ? headRelation : relation })),
  ];
}

export const foundFamily = (household_id: string, address_id: string, station_code: string): PlanAct => ({ op: 'found_household', household_id, address_id, station_code, household_type: familyHousehold });

const linkOf = (child_id: string, facts: CaseFacts, part: PartName, kind: Link['kind'], from_on: string): Link[] => {
  const person_id = facts.parts[part]?.person_id ?? null;
  return person_id === null || person_id === child_id ? [] : [{ op: 'link', person_id: child_id, relative_id: person_id, kind, from_on }];
};

/** Brothers and sisters who were only children until now. */
function siblingActs(facts: CaseFacts, links: readonly KinFacts[]): PlanAct[] {
  const household = facts.target_household;
  if (household === null || household.household_type !== familyHousehold) return [];
  return noLongerOnlyChildren(household, links).map((change): PlanAct => ({ op: 'relate', ...change }));
}

function registration(facts: CaseFacts, person_id: string, person: NewPerson, number_area: string): PlanAct {
  return {
    op: 'register_person', person_id, id_number: person.id_number, number_area, name: person.name, former_name: person.former_name, sex: person.sex, birth_on: person.birth_on,
    ethnicity: person.ethnicity, birthplace: person.birthplace, native_place: person.native_place, blood_type: person.blood_type, status: '0',
  };
}

/** A newborn enters the household of the parent followed, with links to both parents; the certificate is spent. */
function birthPlan(facts: CaseFacts): RegisterPlan | null {
  const child = facts.new_person;
  if (child === null) return null;
  const person_id = newId();
  const made = [...linkOf(person_id, facts, 'father', 'father', child.birth_on), ...linkOf(person_id, facts, 'mother', 'mother', child.birth_on)];
  const links = [...facts.kin, ...made];
  const there = destinationOf(facts, { person_id, ...child }, links);
  if (there === null) return null;
  const document = child.birth_certificate_no ?? answerOf(facts, 'foreign_document_no');
  return {
    reason: null, range: null,
    acts: [
      ...there.acts, registration(facts, person_id, child, facts.file.target_org.slice(0, 6)), { op: 'enter', person_id, household_id: there.household_id, relation: there.relation },
      ...siblingActs(facts, links), ...made,
      ...(document === '' ? [] : [{ op: 'use_document', kind: child.birth_certificate_no === null ? 'foreign_birth_document' : 'birth_certificate', number: document } as const]),
    ],
  };
}

/** The links that a service makes of those whom its answers name. An adopted child's go to the adopters (Civil Code, art. 1111). */
function linksOfPerson(facts: CaseFacts, person_id: string, born: string): Link[] {
  const { today } = facts;
  const adopters = (['adopter', 'spouse'] as const).flatMap((part) => {
    const adopter = personAs(facts, part);
    return adopter === null ? [] : linkOf(person_id, facts, part, adopter.sex === '1' ? 'father' : 'mother', today);
  });
  return facts.parts.adopter === undefined ? [...linkOf(person_id, facts, 'father', 'father', born), ...linkOf(person_id, facts, 'mother', 'mother', born)] : adopters;
}

/**
 * A person enters the register who is no newborn. Who was registered before comes back under the old number, and who is
 * registered elsewhere in the province (an adopted child) moves.
 */
function personPlan(facts: CaseFacts): RegisterPlan | null {
  const newcomer = facts.new_person;
  if (newcomer === null) return null;
  const known = personAs(facts, 'person');
  const person_id = known?.person_id ?? newId();
  const made = linksOfPerson(facts, person_id, newcomer.birth_on);
  const replaced = facts.parts.adopter === undefined ? [] : facts.kin.filter((link) => link.person_id === person_id && made.some((one) => one.kind === link.kind));
  const links: KinFacts[] = [...facts.kin.filter((link) => !replaced.includes(link)), ...made];
  const there = destinationOf(facts, { person_id, sex: newcomer.sex, birth_on: newcomer.birth_on }, links);
  if (there === null) return null;
  const enters: PlanAct = { op: 'enter', person_id, household_id: there.household_id, relation: there.relation };
  const kinship: PlanAct[] = [...replaced.map((link): PlanAct => ({ op: 'unlink', ...link, until_on: facts.today })), ...made];
  const why = reasonOfEntry(facts);
  if (known === null) {
    const documents = documentsSpent(facts);
    return { ...why, acts: [...there.acts, registration(facts, person_id, newcomer, facts.file.target_org.slice(0, 6)), enters, ...siblingActs(facts, links), ...kinship, ...documents] };
  }
  if (known.status === personStatus.active) {
    return { reason: reasonOf.adoption, range: rangeTo(facts, known.station_code), acts: [...there.acts, { op: 'leave', person_id }, ...departuresOf(facts, person_id), enters, ...kinship, ...documentsSpent(facts)] };
  }
  const correction = known.status === personStatus.dead || known.status === deletedStatus;
  return {
    ...why, acts: [...there.acts, { op: 'set_status', person_id, status: personStatus.active, on: facts.today, ...(correction ? { kind: 'correction' as const } : {}) }, enters, ...kinship, ...documentsSpent(facts)],
  };
}

const deletedStatus = '7';

/** Who follows as head where the person who moves was one. */
function departuresOf(facts: CaseFacts, person_id: string): PlanAct[] {
  return departures({ ...facts, movers: [{ name: '', id_number: '', relation: '', person_id, person: personAs(facts, 'person') }] }).filter((act) => act.op !== 'leave');
}

/** Why and from where somebody comes, by the service: codes of migration-reason and migration-range. */
function reasonOfEntry(facts: CaseFacts): Pick<RegisterPlan, 'reason' | 'range'> {
  return facts.file.service_code === '0902' ? { reason: reasonOf.settlement, range: rangeOf.abroad } : { reason: null, range: null };
}

/** Papers that serve once, by the answers that name them. */
const spentDocuments = {
  adoption_certificate_no: 'adoption_certificate', settlement_certificate_no: 'settlement_certificate', nationality_certificate_no: 'nationality_certificate', admission_no: 'welfare_admission',
  migration_certificate_no: 'migration_certificate', discharge_no: 'discharge_certificate',
} as const;

export function documentsSpent(facts: CaseFacts): PlanAct[] {
  return Object.entries(spentDocuments).flatMap(([answer, kind]) => (answerOf(facts, answer) === '' ? [] : [{ op: 'use_document' as const, kind, number: answerOf(facts, answer) }]));
}

export const newcomerEffects = {
  register_birth: { lease: 'household', plan: birthPlan },
  register_person: { lease: 'restore', plan: personPlan },
} satisfies Record<string, Effect>;
