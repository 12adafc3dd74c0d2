/**
 * What a rule is. Preconditions ask: is this lawful? They are pure functions over the facts of a case; the article stands
 * beside each. A rule answers null when it is met, else what was found and how to mend it.
 */
import { ageOn } from '../../../kernel/clock.ts';
import type { Text } from '../../../kernel/operation.ts';
import { parseIdNumber } from '../../reference/index.ts';
import type { PreconditionRule, Service } from '../../catalogue/index.ts';
import { familyHousehold, headRelation, type HouseholdFacts, type KinFacts, type MemberFacts, type PersonFacts } from '../../population/index.ts';
import type { CaseFacts, SourceFacts } from '../facts.ts';
import type { PartName } from '../file.ts';

export interface Rule {
  label: Text;
  law: Text;
  check: (facts: CaseFacts, service: Service) => Text | null;
}

/** The rules of one subject. */
export type Rules = Partial<Record<PreconditionRule, Rule>>;

export const workRules = (zh: string, en: string): Text => ({ zh: `公通字〔2021〕12号${zh}`, en: `2021 work rules, ${en}` });
export const regulations = (zh: string, en: string): Text => ({ zh: `《户口登记条例》${zh}`, en: `Household Registration Regulations, ${en}` });
export const cardLaw = (zh: string, en: string): Text => ({ zh: `《居民身份证法》${zh}`, en: `Resident Identity Card Law, ${en}` });
export const civilCode = (zh: string, en: string): Text => ({ zh: `《民法典》${zh}`, en: `Civil Code, ${en}` });

export function namesOf(people: readonly { name: string }[]): string {
  return people.map((person) => person.name).join('、');
}

/** An answer as text; empty where there is none. */
export function answerOf({ file }: Pick<CaseFacts, 'file'>, name: string): string {
  const answer = file.answers[name];
  return answer === undefined || answer === null ? '' : String(answer);
}

export const isAdult = (person: { birth_on: string }, { today, policy }: Pick<CaseFacts, 'today' | 'policy'>): boolean => ageOn(person.birth_on, today) >= policy.adult_age;

/** A person named by a part, when the register knows him. */
export function personAs(facts: Pick<CaseFacts, 'parts'>, part: PartName): PersonFacts | null {
  return facts.parts[part]?.person ?? null;
}

/** The birth date of somebody named, also of a person whom this register does not know: the number tells it. */
export function birthOf(facts: Pick<CaseFacts, 'parts'>, part: PartName): string | null {
  return personAs(facts, part)?.birth_on ?? parseIdNumber(facts.parts[part]?.id_number ?? '')?.birth_on ?? null;
}

export function parentsOf(person_id: string, kin: readonly KinFacts[]): string[] {
  return kin.filter((link) => link.person_id === person_id && (link.kind === 'father' || link.kind === 'mother')).map((link) => link.relative_id);
}

export const isCollective = (household: HouseholdFacts | null): boolean => household !== null && household.household_type !== familyHousehold;

/** Those who stay in a household when the movers have gone. */
export function remainingMembers(household: HouseholdFacts, facts: Pick<CaseFacts, 'movers'>): MemberFacts[] {
  const leaving = new Set(facts.movers.map((mover) => mover.person_id));
  return household.members.filter((member) => !leaving.has(member.person_id));
}

/** The head who is to follow where a head leaves and others stay, by household. */
export function successorOf(household: HouseholdFacts, facts: Pick<CaseFacts, 'movers' | 'parts' | 'file'>): MemberFacts | undefined {
  const wanted = facts.file.answers['new_head_id_number'];
  const found = facts.parts.new_head?.person_id;
  // The number may have been corrected since it was declared; the person stays the same.
  return remainingMembers(household, facts).find((member) => (found == null ? member.id_number === wanted : member.person_id === found));
}

export const headOf = (household: HouseholdFacts): MemberFacts | undefined => household.members.find((member) => member.relation === headRelation);

/* ---- Proofs --------------------------------------------------------------------------------------------------- */

const proving = new Set(['provided', 'verified_online', 'certificate', 'cancelled']);

/** One of these materials is there or was verified; a written commitment counts where the material allows one. */
export function isProved({ materials }: Pick<CaseFacts, 'materials'>, codes: readonly string[], { commitment = false } = {}): boolean {
  return materials.some((material) => codes.includes(material.code) && (proving.has(material.state) || (commitment && material.state === 'commitment')));
}

/** A source that was asked for one of these materials says that the facts are otherwise: paper does not outweigh it. */
export function isDenied({ sources }: Pick<CaseFacts, 'sources'>, codes: readonly string[]): boolean {
  return sources.some((question) => codes.includes(question.asked_for) && question.answer === 'mismatch');
}

const denied: Text = {
  zh: '主管部门联网核验的结果与申报不一致,请当面核对原件;确有错误的,由发证部门更正后再办。',
  en: 'The authority’s own record differs from what was declared; compare with the original, and have the issuer correct its record where that is wrong.',
};

/** What is found where something must be proved: by one of these materials, and by no source denied. */
export function proofOf(facts: CaseFacts, codes: readonly string[], missing: Text, options: { commitment?: boolean } = {}): Text | null {
  if (isDenied(facts, codes)) return denied;
  return isProved(facts, codes, options) ? null : missing;
}

/** The newest word of a source on a matter. */
export function wordOf({ sources }: Pick<CaseFacts, 'sources'>, source: string, matter: string): SourceFacts['answer'] {
  return sources.findLast((question) => question.source === source && question.matter === matter)?.answer ?? null;
}
