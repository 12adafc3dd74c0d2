import { declareRefusals } from '../../kernel/refusal.ts';

export const refusals = declareRefusals({
  'permits.paper_unknown': { kind: 'not_found', zh: '没有编号为 {number} 的准迁证或迁移证。请核对编号;外省证件请先从全国迁移网络调取。', en: 'There is no permit or certificate with number {number}. Check the number; a paper of another province must first be fetched from the national network.' },
  'permits.paper_not_usable': { kind: 'conflict', zh: '证件 {number} {state},不能使用。过期或遗失的证件由签发机关补发换发(0403)。', en: 'Paper {number} is {state_en} and cannot be used. An expired or lost paper is replaced by its issuer (0403).' },
  'permits.not_an_arrival': { kind: 'invalid', zh: '{number} 不是外省签发的迁移证,不能凭此迁入。请核对证件种类和编号。', en: '{number} is no migration certificate of another province and admits nobody. Check the kind of paper and its number.' },
  'permits.not_our_paper': { kind: 'forbidden', zh: '{number} 不是本省签发的,不能在此作废、补发或办理回迁。请联系签发机关。', en: '{number} was not issued by this province and cannot be voided, replaced or returned here. Turn to the organ that issued it.' },
  'permits.issued_already': { kind: 'conflict', zh: '此办件已签发过同类证件。请刷新页面查看编号。', en: 'This case has issued such a paper already. Reload the page to see its number.', constraints: ['paper_once_a_case'] },
  'permits.alarm_not_open': { kind: 'conflict', zh: '此告警已经关闭。请刷新页面。', en: 'This alarm is closed already. Reload the page.' },
});
