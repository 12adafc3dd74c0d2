import { declareRefusals } from '../../kernel/index.ts';

export const refusals = declareRefusals({
  'field.items_changed': {
    kind: 'conflict', zh: '此人的登记内容在您记录之后已被他人改过,没有写入。请对照两边的内容再决定。',
    en: 'Somebody changed this record after you wrote your entry down; nothing was written. Compare both and decide.',
  },
  'field.noted_in_future': { kind: 'invalid', zh: '记录时间晚于现在,请校准手机时间后重试。', en: 'The entry is dated later than now. Set the clock of the phone and try again.' },
  'field.phone_needed': { kind: 'invalid', zh: '此人没有登记联系电话,请一并填写电话。', en: 'No phone is registered for this person; enter one as well.' },
});
