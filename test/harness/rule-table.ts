/** Rules as tables: what is the case, and what the rule finds. */
import { describe, expect, it } from 'vitest';
import type { PreconditionRule } from '../../src/modules/catalogue/index.ts';
import type { CaseFacts } from '../../src/modules/cases/facts.ts';
import { rules } from '../../src/modules/cases/rules/index.ts';
import { serviceNamed } from './case-facts.ts';

/** Met, or a word of the finding. */
export type Outcome = 'met' | RegExp;
export type Row = [situation: string, facts: CaseFacts, outcome: Outcome, service?: string];

/** One row for each side of each boundary. `of` is the service whose rule it is, where a row does not say another. */
export function table(rule: PreconditionRule, rows: readonly Row[], of = '0503'): void {
  describe(`${rule} (${rules[rule].law.zh})`, () => {
    it.each(rows)('%s', (_situation, facts, outcome, service = of) => {
      const finding = rules[rule].check(facts, serviceNamed(service));
      if (outcome === 'met') return expect(finding).toBeNull();
      expect(finding?.zh).toMatch(outcome);
      // Whoever reads it must learn how to mend it, in either language, in whole sentences.
      expect(finding!.zh).toMatch(/。$/);
      expect(finding!.en).toMatch(/\.$/);
      expect(`${finding!.zh}${finding!.en}`).not.toMatch(/undefined|null/);
    });
  });
}
