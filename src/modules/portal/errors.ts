import { declareRefusals } from '../../kernel/refusal.ts';

/** Somebody else's row and no row at all are the same answer: nothing can be learned by guessing. */
export const refusals = declareRefusals({
  'portal.not_found': {
    kind: 'not_found',
    zh: '没有找到。它可能已被删除,或不在您的名下。请从“我的办件”进入。',
    en: 'Not found. It may have been deleted, or it is not yours. Please go on from “My applications”.',
  },
  'portal.identity_level_too_low': {
    kind: 'forbidden',
    zh: '办理此事项须先完成实名实人认证。请退出后重新登录,选择“实名实人”方式;也可以到派出所窗口办理。',
    en: 'This service needs a sign-in with real name and live portrait. Sign out and in again by that way, or go to the counter of a police station.',
  },
  'portal.too_many_drafts': {
    kind: 'conflict',
    zh: '您已有 {limit} 份未提交的草稿。请先到“我的办件”提交或删除一份,再开始新的。',
    en: 'You have {limit} drafts that are not submitted. Submit or delete one under “My applications” before you start another.',
  },
  'portal.not_online': {
    kind: 'conflict',
    zh: '“{service}”须到派出所窗口办理,网上不能提交。请看办事指南,可先预约再去。',
    en: '“{service_en}” is handled at the counter of a police station and cannot be sent online. See the guide; you may book first.',
  },
  'portal.submissions_paused': {
    kind: 'unavailable',
    zh: '内外网传输暂时中断,现在不能提交。您填写的内容和材料都已保存,恢复后再来提交,不用重填。',
    en: 'The link to the police network is interrupted, so nothing can be submitted now. Everything you filled in is saved; come back to submit it later without filling it in again.',
  },
  'portal.no_correction_open': {
    kind: 'conflict',
    zh: '这份申请目前没有需要补正的内容,或补正已经提交。请查看办理进度。',
    en: 'Nothing needs correction in this application at present, or the correction was sent already. See its progress.',
  },
  'portal.cannot_withdraw': {
    kind: 'conflict',
    zh: '这份申请已经办结或已申请撤回,不能再撤回。请查看办理进度。',
    en: 'This application is finished or already being taken back. See its progress.',
  },
});
