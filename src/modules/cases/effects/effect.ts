/**
 * What an effect is: how the facts of an approved case become a plan of the register. Pure, so that the same plan is
 * shown to the officer beforehand, leased at acceptance, and carried out by the register's gate at execution.
 */
import type { Context, OfficerActor } from '../../../kernel/index.ts';
import { legalDay } from '../../../kernel/clock.ts';
import { migrationRangeCode, scopeBetween } from '../../reference/index.ts';
import { applyPlan, headRelation, previewPlan, subjectsOf, type HouseholdFacts, type HouseholdPreview, type LeaseKind, type PlanAct, type PlanOutcome, type RegisterPlan } from '../../population/index.ts';
import type { CaseFacts } from '../facts.ts';
import { remainingMembers, successorOf } from '../rules/rule.ts';
import { relationsAfter } from './kinship.ts';

export interface Subjects {
  person_ids: readonly string[];
  household_ids: readonly string[];
}

export interface Effect {
  /** The lease under which the case works; null: it changes nothing that two could change at once. */
  lease: LeaseKind | null;
  /** Null where nothing in the register changes, or while the facts do not yet say what. */
  plan: (facts: CaseFacts) => RegisterPlan | null;
  /** Whom and what the case holds, where that is not read from the plan. */
  subjects?: (facts: CaseFacts) => Subjects;
  preview?: (facts: CaseFacts) => HouseholdPreview[];
  /** What must not wait for the decision; done when the case is accepted. @returns what the case remembers of it */
  accepted?: (context: Context, facts: CaseFacts) => Promise<Record<string, unknown>>;
  /** Carries out what is not a plan of the register, or more than one. @returns what the case remembers of it */
  carryOut?: (context: Context, facts: CaseFacts, officer: OfficerActor) => Promise<Record<string, unknown>>;
  /** What follows in the same transaction when the register has changed: papers, cards, news. */
  after?: (context: Context, facts: CaseFacts, outcome: PlanOutcome | null) => Promise<Record<string, unknown>>;
}

/** Nothing of the register changes; what the case does is done by other modules. */
export const noPlan = (): null => null;

/** A plan in which nobody migrates. */
export const planOf = (acts: PlanAct[]): RegisterPlan => ({ reason: null, range: null, acts });

/** Codes of catalogue/codes: migration-reason. */
export const reasonOf = { split: '96', found: '97', merge: '98', other: '99', adoption: '52', discharge: '46', enlistment: '81', settlement: '74', return: '90' } as const;
/** Codes of catalogue/codes: migration-range, where the distance does not say it. */
export const rangeOf = { split: '12', merge: '13', otherProvince: '50', hongKongMacao: '61', abroad: '71' } as const;

/** How far it is from where somebody was to where the case takes him. */
export function rangeTo(facts: CaseFacts, origin_station: string): string {
  return migrationRangeCode(scopeBetween(origin_station, facts.file.target_org), { same_community: false });
}

/** Whom the case holds: read from its plan. */
export function subjectsHeld(effect: Effect, facts: CaseFacts): Subjects {
  if (effect.subjects !== undefined) return effect.subjects(facts);
  const plan = effect.plan(facts);
  return plan === null ? { person_ids: [], household_ids: [] } : subjectsOf({ persons: [...facts.persons] }, plan);
}

/** Every household that the case would touch, before and after. */
export function previewOfCase(effect: Effect, facts: CaseFacts): HouseholdPreview[] {
  if (effect.preview !== undefined) return effect.preview(facts);
  const plan = effect.plan(facts);
  return plan === null ? [] : previewPlan({ today: facts.today, persons: [...facts.persons], households: [...facts.records], kin: [...facts.kin] }, plan);
}

/** Carries out the plan of a case at this instant. */
export async function applyOf(context: Context, facts: CaseFacts, plan: RegisterPlan): Promise<PlanOutcome> {
  return applyPlan(context, { case_id: facts.file.case_id, at: context.now, ...plan });
}

/** Those who stay in a family household that its head leaves: who follows, and what the others are to him. */
export function succession(household: HouseholdFacts, facts: CaseFacts): PlanAct[] {
  const remaining = remainingMembers(household, facts);
  if (household.household_type !== '1' || remaining.length === 0 || remaining.some((member) => member.relation === headRelation)) return [];
  const head = successorOf(household, facts) ?? (remaining.length === 1 ? remaining[0] : undefined);
  if (head === undefined) return [];
  return relationsAfter(household, remaining, head, facts.kin)
    .map(({ person_id, relation }): PlanAct => ({ op: 'relate', person_id, relation: person_id === head.person_id ? headRelation : relation }))
    .filter((act) => act.op !== 'relate' || household.members.find((member) => member.person_id === act.person_id)?.relation !== act.relation);
}

/** Everybody concerned leaves the household he is in; those who stay get their head. */
export function departures(facts: CaseFacts): PlanAct[] {
  const leaving = facts.movers.filter((mover) => mover.person?.household_id != null);
  return [...leaving.map((mover): PlanAct => ({ op: 'leave', person_id: mover.person_id! })), ...facts.origins.flatMap((household) => succession(household, facts))];
}

export const dayOf = (context: Context): string => legalDay(context.now);
