/** All rules by name, and the judgement of a case at a moment of its way. */
import type { Text } from '../../../kernel/operation.ts';
import type { Precondition, PreconditionRule, Service } from '../../catalogue/index.ts';
import type { CaseFacts } from '../facts.ts';
import { archiveRules } from './archive.ts';
import { birthRules } from './birth.ts';
import { cardRules } from './cards.ts';
import { endingRules } from './ending.ts';
import { householdRules } from './household.ts';
import { itemRules } from './items.ts';
import { moveRules } from './move.ts';
import { peopleRules } from './people.ts';
import { placeRules } from './place.ts';
import { proofRules } from './proof.ts';
import type { Rule } from './rule.ts';

export const rules: Record<PreconditionRule, Rule> = {
  ...peopleRules, ...birthRules, ...endingRules, ...moveRules, ...placeRules, ...itemRules, ...proofRules, ...householdRules, ...cardRules, ...archiveRules,
};

export interface Check {
  rule: PreconditionRule;
  label: Text;
  law: Text;
  on_fail: Precondition['on_fail'];
  passed: boolean;
  finding: Text | null;
}

/** Every precondition that is due at this moment, with what was found. */
export function check(facts: CaseFacts, service: Service, at: 'accept' | 'approve' | 'execute'): Check[] {
  return service.preconditions.filter((precondition) => precondition.at.includes(at)).map((precondition) => {
    const rule = rules[precondition.rule];
    const finding = rule.check(facts, service);
    return { rule: precondition.rule, label: rule.label, law: rule.law, on_fail: precondition.on_fail, passed: finding === null, finding };
  });
}
