/** Where the bureau that all fault tests begin with is kept during a run; the first test that needs it fills it (bureau.ts). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    fault_template: string;
  }
}

export default function setup(project: TestProject): () => void {
  const directory = mkdtempSync(join(tmpdir(), 'huzheng-fault-template-'));
  project.provide('fault_template', directory);
  return () => rmSync(directory, { recursive: true, force: true });
}
