import { declareRefusals } from '../../kernel/refusal.ts';

export const refusals = declareRefusals({
  'cards.in_hand_already': { kind: 'conflict', zh: '此人已有居民身份证在办或在制,一人不能同时申领两张。请等发证或取消后再申请。', en: 'A card of this person is under way already; nobody may apply for two at once. Wait for its hand-over or its cancellation.', constraints: ['application_one_in_hand'] },
  'cards.case_has_one': { kind: 'conflict', zh: '此办件已登记过证件申领或挂失。请刷新页面。', en: 'This case has its application or report already. Reload the page.', constraints: ['application_once_a_case', 'temporary_card_once_a_case', 'loss_report_once_a_case'] },
  'cards.application_not_found': { kind: 'not_found', zh: '没有这笔居民身份证申领,或不在您的管辖范围内。', en: 'There is no such application for a card, or it is outside your jurisdiction.' },
  'cards.not_applied_for': { kind: 'invalid', zh: '申领临时居民身份证须先申请领取、换领或补领居民身份证(居民身份证法第十二条)。请先办理居民身份证。', en: 'A temporary card needs an application for a card (Resident Identity Card Law, art. 12). Apply for the card first.' },
  'cards.temporary_in_force': { kind: 'conflict', zh: '此人已有有效的临时居民身份证。请先交回或待其到期。', en: 'This person holds a temporary card that is in force. Have it returned or let it end first.', constraints: ['temporary_card_one_in_force'] },
  'cards.fee_due': { kind: 'conflict', zh: '工本费尚未缴纳或减免。请先收费或登记减免依据。', en: 'The fee is neither paid nor waived. Take the payment or state why it is waived.' },
  'cards.fee_settled': { kind: 'conflict', zh: '此笔费用现在没有应缴或应退的款项。请刷新页面查看状态。', en: 'Nothing is due to be paid or refunded now. Reload the page to see its state.' },
  'cards.not_ready': { kind: 'conflict', zh: '证件现为“{state}”,还不能发放。制成并送达本所后再发。', en: 'The card is “{state_en}” and cannot be handed over. It must be made and delivered to the station first.' },
  'cards.not_dispatched': { kind: 'conflict', zh: '此证没有寄出,不能登记妥投。', en: 'This card was not sent by courier, so its delivery cannot be noted.' },
  'cards.not_by_courier': { kind: 'invalid', zh: '申请人选择窗口领取。改为寄递须先变更领取方式。', en: 'The applicant chose to collect the card. Change the way of delivery before sending it.' },
  'cards.order_not_rejected': { kind: 'conflict', zh: '此笔申领没有被制证部门退回,不能重新送制。', en: 'Production has not rejected this application, so it cannot be ordered again.' },
  'cards.too_late_to_cancel': { kind: 'conflict', zh: '证件已制成或已发放,不能取消申领。', en: 'The card is made or handed over; the application can no longer be cancelled.' },
  'cards.old_card_needed': { kind: 'invalid', zh: '换领新证须交回原证(居民身份证法第十一条)。原证丢失的,请改办丢失补领。', en: 'The old card is given back when the new one is handed over (art. 11). If it is lost, use the service for lost cards.' },
  'cards.identity_not_proved': { kind: 'invalid', zh: '领取人身份未核验一致,不能发证。请改用其他核验方式,仍不一致的向所长报告。', en: 'The receiver’s identity did not match; the card is not handed over. Check in another way, and report to the chief if it still differs.' },
  'cards.receiver_wrong': { kind: 'invalid', zh: '未满十六周岁由监护人领取;成年人由本人或受托人领取。请核对领取人。', en: 'A guardian collects for a child under 16, an adult or a person empowered for an adult. Check who collects.' },
  'cards.loss_not_open': { kind: 'conflict', zh: '没有可撤销的挂失:已撤销,或补领的新证已在制作,原证不再恢复使用。', en: 'No loss report can be withdrawn: it was withdrawn, or the new card is being made and the old one stays invalid.' },
  'cards.found_kept_already': { kind: 'conflict', zh: '此号码的拾获证件已在册保管。', en: 'A found card of this number is kept already.', constraints: ['found_card_kept_once'] },
  'cards.found_not_kept': { kind: 'conflict', zh: '此拾获证件已处理。请刷新页面。', en: 'This found card was dealt with already. Reload the page.' },
  'cards.number_wrong': { kind: 'invalid', zh: '公民身份号码不正确,请照证件核对。', en: 'The ID number is not valid; check it against the card.' },
});
