import Type from 'typebox';
import { defineContract } from '../../kernel/operation.ts';

const closed = { additionalProperties: false } as const;
const Id = Type.String({ format: 'uuid' });
const TextSchema = Type.Object({ zh: Type.String(), en: Type.String() });

export const PaperView = Type.Object({
  document_id: Id, kind: Type.String(), number: Type.String(), title: TextSchema, issued_at: Type.String({ format: 'date-time' }),
  goes_to: Type.Enum(['citizen', 'counter'], { description: 'citizen: also on the portal; counter: given out on paper or kept' }),
  printed: Type.Integer({ description: 'copies so far' }),
  voided: Type.Union([Type.Object({ at: Type.String({ format: 'date-time' }), reason: Type.String() }), Type.Null()]),
});

export const contract = defineContract({
  listPapers: {
    method: 'GET', path: '/api/documents/cases/:case_id', permission: 'documents.get_notice', summary: { zh: '办件的文书', en: 'Papers of a case' },
    input: Type.Object({ case_id: Id }, closed),
    output: Type.Object({
      papers: Type.Array(PaperView),
      held: Type.Array(Type.Object({ kind: Type.String(), title: TextSchema, missing: Type.Array(Type.String({ description: 'U+XXXX' })) }), { description: 'wait for a font that has the characters' }),
    }),
  },
  getNotice: {
    method: 'GET', path: '/api/documents/:document_id', permission: 'documents.get_notice', summary: { zh: '下载文书', en: 'Download a paper' },
    input: Type.Object({ document_id: Id }, closed), output: 'file',
  },
  printPaper: {
    method: 'POST', path: '/api/documents/:document_id/print', permission: 'documents.print_paper', summary: { zh: '登记打印', en: 'Note that a paper is printed' },
    input: Type.Object({ document_id: Id, copies: Type.Optional(Type.Integer({ minimum: 1, maximum: 20 })) }, closed),
    output: Type.Object({ document_id: Id, printed: Type.Integer() }),
  },
  voidPaper: {
    method: 'POST', path: '/api/documents/:document_id/void', permission: 'documents.void_paper', summary: { zh: '作废文书', en: 'Void a paper' },
    input: Type.Object({ document_id: Id, reason: Type.String({ minLength: 2, maxLength: 500, pattern: '\\S.*\\S' }) }, closed),
    output: Type.Object({ document_id: Id, number: Type.String() }),
  },
});
