import Type from 'typebox';
import { defineContract } from '../../kernel/operation.ts';

export const contract = defineContract({
  getNotice: {
    method: 'GET', path: '/api/documents/:document_id', permission: 'documents.get_notice', summary: { zh: '下载文书', en: 'Download a paper' },
    input: Type.Object({ document_id: Type.String({ format: 'uuid' }) }, { additionalProperties: false }), output: 'file',
  },
});
