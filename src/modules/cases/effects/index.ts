/** What an approved case does to the register, by the name that its service gives it. */
import type { EffectName } from '../../catalogue/index.ts';
import { collectiveEffects } from './collective.ts';
import type { Effect } from './effect.ts';
import { endingEffects } from './ending.ts';
import { householdEffects } from './household.ts';
import { itemEffects } from './items.ts';
import { newcomerEffects } from './newcomers.ts';
import { paperEffects } from './papers.ts';
import { provinceEffects } from './province.ts';
import { returnEffects } from './return.ts';
import { transferEffects } from './transfer.ts';

export { applyOf, noPlan, previewOfCase, subjectsHeld, type Effect, type Subjects } from './effect.ts';

export const effects: Record<EffectName, Effect> = {
  ...transferEffects, ...provinceEffects, ...newcomerEffects, ...endingEffects, ...returnEffects, ...itemEffects, ...householdEffects, ...collectiveEffects, ...paperEffects,
};
