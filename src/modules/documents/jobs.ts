import type { Job } from '../../kernel/index.ts';
import { issueHeld } from './compose.ts';

export const jobs: readonly Job[] = [
  // A font that a bureau adds is known when the worker starts again, so this need not be often.
  { name: 'documents.issue_held', every_seconds: 600, run: issueHeld },
];
