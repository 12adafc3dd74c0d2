/** The face of cases: what was asked, who must act next, what was decided and why. */
import type { Context, Subscriptions } from '../../kernel/index.ts';
import './errors.ts';
import { afterDeath, loseLeases } from './actions/after-death.ts';
import { citizenSubscriptions } from './citizen.ts';
import { paperSubscriptions } from './papers.ts';
import { afterAnswer, outsideSubscriptions } from './actions/outside.ts';
import { askAfterDeclaring, sourceSubscriptions } from './sources.ts';

export { contract } from './contract.ts';
export { routes } from './routes.ts';
export { jobs } from './jobs.ts';
export { parcelHandlers } from './parcels.ts';
export { purposes, statedPurposes } from './purposes.ts';
export { admitOfficer } from './duty.ts';
export { serviceOf } from './file.ts';
export { listPastCases } from './past.ts';
export { rightOfAct } from './duty.ts';
export { rules } from './rules/index.ts';
export { effects } from './effects/index.ts';
export { settleExOfficio, type ExOfficioMatter } from './actions/ex-officio.ts';

export const subscriptions: Subscriptions = {
  ...paperSubscriptions,
  ...outsideSubscriptions,
  ...sourceSubscriptions,
  'cases.case_moved': async (context: Context, payload: never) => {
    await citizenSubscriptions['cases.case_moved']!(context, payload);
    await askAfterDeclaring(context, payload);
    await afterAnswer(context, payload);
  },
  // A death takes over what other cases held.
  'population.lease_overridden': loseLeases as Subscriptions[string],
  'population.person_died': afterDeath as Subscriptions[string],
};
