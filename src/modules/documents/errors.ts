import { declareRefusals } from '../../kernel/index.ts';

export const refusals = declareRefusals({
  'documents.not_found': { kind: 'not_found', zh: '没有这份文书,或不在您的管辖范围内。', en: 'There is no such paper, or it is outside your jurisdiction.' },
  'documents.service_not_yours': { kind: 'forbidden', zh: '您的岗位不办理这份文书所属的事项。请由办理该事项的岗位调阅。', en: 'Your post does not handle the service that this paper belongs to. Have a post that handles it look the paper up.' },
  'documents.is_void': { kind: 'conflict', zh: '文书 {number} 已作废,不能再打印或作废。需要的话请重新办理出具。', en: 'Paper {number} is void and cannot be printed or voided again. Have a new one issued if it is needed.' },
  'documents.cannot_remake': { kind: 'unavailable', zh: '文书 {number} 的文件缺失,按原内容重做的文件与原摘要不符(字体或排版程序已更换)。请从备份恢复文件,或作废后重新出具。', en: 'The file of paper {number} is gone, and what is made again from its content does not match its digest (fonts or typesetter were replaced). Restore the file from the backup, or void it and issue a new one.' },
});
