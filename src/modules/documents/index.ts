/** The face of documents: papers that are given out. */
import { bindRoutes } from '../../kernel/index.ts';
import { contract } from './contract.ts';
import { getNotice, listPapers, printPaper, voidPaper } from './documents.ts';

export { contract } from './contract.ts';
export { composePaper, type Composed, type HeldPaper, type IssuedDocument } from './compose.ts';
export { findForCitizen, listDocuments, type ListedDocument } from './documents.ts';
export { refusals } from './errors.ts';
export { jobs } from './jobs.ts';
export { paperKindNames } from './kinds.ts';
export { membersOf } from './people.ts';
export type { CardOnPaper, CaseOnPaper, MigrationOnPaper, PaperOrder } from './order.ts';
export { chineseDay } from './printed.ts';
export { voidMigrationPaper, voidPapersOf } from './voiding.ts';

export const routes = bindRoutes('documents', contract, { listPapers, getNotice, printPaper, voidPaper });
