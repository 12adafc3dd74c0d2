/** What is different between the case as an officer was looking at it and as it is now. */
import type { CaseViewData } from '../../../src/modules/cases/contract.ts';
import { say, type Text } from '../../kit/language.ts';
import { changes as words, review, states } from '../texts.ts';

function stepWord(state: string): string {
  return say((words as Record<string, Text>)[`step_${state}`] ?? { zh: state, en: state });
}
function materialWord(state: string): string {
  return say((review as Record<string, Text>)[`material_${state}`] ?? { zh: state, en: state });
}
const membersOf = (view: CaseViewData): string[] => [...view.before, ...view.after].map((household) => JSON.stringify([household.title, household.members]));

/** Sentences in the language of the screen, most weighty first; empty when nothing that is shown differs. */
export function whatChanged(before: CaseViewData, now: CaseViewData): string[] {
  const found: string[] = [];
  if (before.state !== now.state) found.push(say(words.state, { before: say(states[before.state]), after: say(states[now.state]) }));
  for (const step of now.steps) {
    const was = before.steps.find((other) => other.step === step.step);
    if (was !== undefined && was.state !== step.state) found.push(say(words.step, { step: say(step.label), before: stepWord(was.state), after: stepWord(step.state) }));
  }
  if (before.claim?.officer_id !== now.claim?.officer_id) {
    found.push(say(words.claim, { before: before.claim?.name ?? say(words.nobody), after: now.claim?.name ?? say(words.nobody) }));
  }
  if ((now.corrections?.count ?? 0) > (before.corrections?.count ?? 0)) found.push(say(words.corrections, { n: now.corrections!.count }));
  const answered = new Map(before.answers.flatMap((section) => section.fields.map((field) => [field.name, field.value])));
  for (const field of now.answers.flatMap((section) => section.fields)) {
    const was = answered.get(field.name);
    if (was !== field.value) found.push(say(words.answer, { field: say(field.label), before: was ?? '—', after: field.value }));
  }
  for (const material of now.materials) {
    const was = before.materials.find((other) => other.code === material.code);
    if (was === undefined) continue;
    if (was.state !== material.state) found.push(say(words.material, { material: say(material.name), before: materialWord(was.state), after: materialWord(material.state) }));
    else if (was.attachments.map((scan) => scan.sha256).join() !== material.attachments.map((scan) => scan.sha256).join()) {
      found.push(say(words.scans, { material: say(material.name), before: was.attachments.length, after: material.attachments.length }));
    }
  }
  for (const check of now.checks) {
    const was = before.checks.find((other) => other.rule === check.rule);
    if (was !== undefined && was.passed !== check.passed) found.push(say(check.passed ? words.check_passed : words.check_failed, { check: say(check.label) }));
  }
  const was = membersOf(before);
  [...now.before, ...now.after].forEach((household, index) => {
    if (was.length === membersOf(now).length && was[index] !== JSON.stringify([household.title, household.members])) {
      const sentence = say(words.household, { household: say(household.title) });
      if (!found.includes(sentence)) found.push(sentence);
    }
  });
  return found;
}
