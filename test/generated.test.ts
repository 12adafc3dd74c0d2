import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { columnsOf, generatedDirectory, pagesFrom } from '../scripts/generate-docs.ts';
import { onDatabase } from './harness/databases.ts';

const urls = { police: onDatabase(inject('cluster_url'), 'template_police'), internet: onDatabase(inject('cluster_url'), 'template_internet') };

test('generated pages say what the code says (npm run generate)', async () => {
  for (const [name, content] of Object.entries(await pagesFrom(urls))) {
    expect(readFileSync(join(generatedDirectory, name), 'utf8') === content, `docs/generated/${name} is out of date: npm run generate`).toBe(true);
  }
});

test('every table and column has its Chinese comment', async () => {
  for (const url of Object.values(urls)) {
    const bare = (await columnsOf(url)).filter((column) => !/\p{Script=Han}/u.test(column.comment ?? '') || !/\p{Script=Han}/u.test(column.table_comment ?? ''));
    expect(bare.map((column) => `${column.schema}.${column.table}.${column.column}`)).toEqual([]);
  }
});
