import { declareRefusals } from '../../kernel/refusal.ts';

export const refusals = declareRefusals({
  'agencies.source_unknown': { kind: 'not_found', zh: '没有数据源“{source}”。请从数据源列表中选择。', en: 'There is no source “{source}”. Choose one from the list of sources.' },
  'agencies.opinion_needs_nothing': { kind: 'conflict', zh: '对方现在没有要求补充材料,或补充已在送出途中。请刷新页面查看意见状态。', en: 'The authority asks for nothing now, or the supplement is on its way already. Reload the page to see where the opinion stands.' },
});
