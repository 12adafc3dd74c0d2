/** The face of documents: papers that are issued. */
import { bindRoutes, declareRefusals } from '../../kernel/index.ts';
import { contract } from './contract.ts';
import { getNotice } from './documents.ts';

declareRefusals({ 'documents.not_found': { kind: 'not_found', zh: '没有这份文书,或不在您的管辖范围内。', en: 'There is no such paper, or it is outside your jurisdiction.' } });

export { contract } from './contract.ts';
export { issueDocument, listDocuments, type DocumentKind, type IssuedDocument } from './documents.ts';
export { renderPaper, type Paper } from './render.ts';
export const routes = bindRoutes('documents', contract, { getNotice });
