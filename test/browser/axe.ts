import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Finding {
  id: string;
  impact: string | null;
  nodes: { target: unknown[]; failureSummary?: string }[];
}

/** What axe-core calls serious or critical on the page as it stands, one line for each place. */
export async function graveFindings(page: Page): Promise<string[]> {
  await page.evaluate(source);
  const findings = await page.evaluate(async () => (await (globalThis as unknown as { axe: { run(where: unknown, options: object): Promise<{ violations: Finding[] }> } }).axe.run(document, { resultTypes: ['violations'] })).violations);
  return findings.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${page.url()} ${id} ${target.join(' ')}: ${failureSummary?.replace(/\s+/g, ' ')}`));
}
