import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { catalogue, readsOf } from '../../src/modules/catalogue/index.ts';

const style = readFileSync(join(import.meta.dirname, 'styles.css'), 'utf8');

test('every condition on an answer of the same page has a rule that brings the question into sight', () => {
  const conditions = new Set([...catalogue().services.values()].flatMap(({ form }) => form.flatMap(({ fields }) => {
    const here = new Set(fields.map(({ name }) => name));
    return fields.flatMap(({ when }) => (when !== undefined && readsOf(when).some((name) => here.has(name)) ? [when] : []));
  })));
  expect(conditions.size).toBeGreaterThan(10);
  for (const condition of conditions) expect(style, condition).toMatch(new RegExp(`form:has\\(.*\\) \\.when-${condition}\\b`));
});
