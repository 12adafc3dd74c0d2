import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { catalogue, fieldsOf } from '../../src/modules/catalogue/index.ts';

const style = readFileSync(join(import.meta.dirname, 'styles.css'), 'utf8');

test('every condition under which a question is asked has a rule that brings the question into sight', () => {
  const conditions = new Set([...catalogue().services.values()].flatMap((service) => fieldsOf(service).flatMap(({ when }) => when ?? [])));
  expect(conditions.size).toBeGreaterThan(0);
  for (const condition of conditions) expect(style, condition).toMatch(new RegExp(`form:has\\(.*\\) \\.when-${condition}\\b`));
});
