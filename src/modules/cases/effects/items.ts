/** Items of a record that change or were wrong. */
import { Refusal, type Context } from '../../../kernel/index.ts';
import { changeNonMainItems, personStatus, type Alter, type KinFacts, type PlanAct, type RegisterPlan, type PersonFacts } from '../../population/index.ts';
import type { CaseFacts } from '../facts.ts';
import { answerOf, personAs } from '../rules/rule.ts';
import { plainItems } from '../rules/items.ts';
import { applyOf, planOf, type Effect } from './effect.ts';
import { relationOfSex } from './kinship.ts';

const given = (facts: CaseFacts, name: string): string | undefined => answerOf(facts, name) || undefined;

/** Married: first time, again, or the same person again (GB/T 2261.2). */
const marriedCodes = new Set(['20', '21', '22', '23']);

const marriageOf = (person: PersonFacts, kin: readonly KinFacts[]): KinFacts | undefined => kin.find((link) => link.kind === 'spouse' && link.person_id === person.person_id);

const marital = (person_id: string, marital_status: string, today: string): Alter => ({ op: 'alter', person_id, kind: 'change', effective_on: today, items: { marital_status } });

/** A marriage is the same fact on both records: both items change, and the link is one another's or ends for both. */
function maritalPlan(facts: CaseFacts, subject: PersonFacts, status: string): RegisterPlan {
  const { today } = facts;
  const now = marriageOf(subject, facts.kin);
  const acts: PlanAct[] = [marital(subject.person_id, status, today)];
  if (marriedCodes.has(status)) {
    const spouse = personAs(facts, 'spouse');
    if (spouse === null || now?.relative_id === spouse.person_id) return planOf(acts);
    // Who marries again, after a death or a divorce that nobody declared, is no longer married to somebody else.
    const before = [now, marriageOf(spouse, facts.kin)].filter((link) => link !== undefined);
    return planOf([
      ...before.map((link) => ended(link, today)), ...acts, ...(marriedCodes.has(spouse.marital_status ?? '') ? [] : [marital(spouse.person_id, status, today)]),
      { op: 'link', person_id: subject.person_id, relative_id: spouse.person_id, kind: 'spouse', from_on: today },
    ]);
  }
  if (now === undefined) return planOf(acts);
  const other = facts.persons.find((person) => person.person_id === now.relative_id && person.status !== personStatus.dead);
  return planOf([...acts, ...(other === undefined ? [] : [marital(other.person_id, status, today)]), ended(now, today)]);
}

const ended = (link: KinFacts, today: string): PlanAct => ({ op: 'unlink', ...link, until_on: today });

/** The minor items that the answers give; codes of catalogue/codes. */
function minorItems(facts: CaseFacts): Record<string, unknown> {
  const items = Object.fromEntries(plainItems.flatMap((item) => (answerOf(facts, item) === '' ? [] : [[item, facts.file.answers[item]]])));
  const education = given(facts, 'new_education');
  return education === undefined ? items : { ...items, education };
}

/**
 * Minor items change at once, without a lease; a marriage touches two records and goes through the gate of plans.
 * @throws Refusal cases.nothing_changes
 */
async function changeItems(context: Context, facts: CaseFacts): Promise<Record<string, unknown>> {
  const plan = nonMainPlan(facts);
  if (plan !== null) return { kind: 'plan', ...await applyOf(context, facts, plan) };
  const items = minorItems(facts);
  const { altered } = await changeNonMainItems(context, { case_id: facts.file.case_id, person_id: facts.movers[0]!.person_id!, items, effective_on: facts.today });
  if (altered === 0) throw new Refusal('cases.nothing_changes');
  return { kind: 'items', items: Object.keys(items), altered };
}

function nonMainPlan(facts: CaseFacts): RegisterPlan | null {
  const subject = personAs(facts, 'subject');
  const status = given(facts, 'new_marital_status');
  return subject === null || status === undefined ? null : maritalPlan(facts, subject, status);
}

/** Whose pool gives the new number: that of the old one; a county of another province gives none of its numbers to us. */
function numberArea(facts: CaseFacts, subject: PersonFacts): string {
  const old = subject.id_number.slice(0, 6);
  return old.slice(0, 2) === facts.file.target_org.slice(0, 2) ? old : facts.file.target_org.slice(0, 6);
}

/**
 * Main items, with what follows from them: sex and birth date are read from the number, so they take a new one
 * (GB 11643); a word for the relation that implies a sex follows it.
 */
function mainPlan(facts: CaseFacts): RegisterPlan | null {
  const subject = personAs(facts, 'subject');
  if (subject === null) return null;
  const name = given(facts, 'new_name');
  const keepsName = facts.file.answers['former_name_is_kept'] === true;
  const sex = given(facts, 'new_sex') as '1' | '2' | undefined;
  const birth_on = given(facts, 'new_birth_on');
  const items: Alter['items'] = {
    ...(name === undefined ? {} : { name }), ...(keepsName ? { former_name: subject.name } : {}), ...(given(facts, 'new_former_name') === undefined ? {} : { former_name: given(facts, 'new_former_name')! }),
    ...(sex === undefined ? {} : { sex }), ...(birth_on === undefined ? {} : { birth_on }), ...(given(facts, 'new_ethnicity') === undefined ? {} : { ethnicity: given(facts, 'new_ethnicity')! }),
    ...(given(facts, 'new_birthplace_area') === undefined ? {} : { birthplace: given(facts, 'new_birthplace_area')! }),
    ...(given(facts, 'new_native_place_area') === undefined ? {} : { native_place: given(facts, 'new_native_place_area')! }),
  };
  const kind = alterationKind(facts);
  const renumbers = given(facts, 'number_problem') !== undefined || (sex !== undefined && sex !== subject.sex) || (birth_on !== undefined && birth_on !== subject.birth_on);
  const relation = sex === undefined || subject.relation === null ? null : relationOfSex(subject.relation, sex);
  return planOf([
    ...(Object.keys(items).length === 0 ? [] : [{ op: 'alter', person_id: subject.person_id, kind, items, effective_on: facts.today } as const]),
    ...(renumbers ? [{ op: 'renumber', person_id: subject.person_id, id_number: null, number_area: numberArea(facts, subject) } as const] : []),
    ...(relation === null || relation === subject.relation ? [] : [{ op: 'relate', person_id: subject.person_id, relation } as const]),
  ]);
}

/** A birth date is never changed, only corrected (2021 work rules, art. 53); the same holds for 0602. */
const corrections: ReadonlySet<string> = new Set(['0602', '0604']);

function alterationKind(facts: CaseFacts): 'change' | 'correction' {
  if (corrections.has(facts.file.service_code)) return 'correction';
  return answerOf(facts, 'alteration_kind') === 'correction' ? 'correction' : 'change';
}

export const itemEffects = {
  change_non_main_items: { lease: 'non_main_items', plan: nonMainPlan, carryOut: changeItems },
  alter_main_items: { lease: 'identity', plan: mainPlan },
} satisfies Record<string, Effect>;
