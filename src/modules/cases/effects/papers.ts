/** Cards, certificates and copies of the archive: nothing of the register changes. */
import { noPlan, type Effect, type Subjects } from './effect.ts';
import type { CaseFacts } from '../facts.ts';

const subjectOnly = ({ movers }: CaseFacts): Subjects => ({ person_ids: movers.flatMap((mover) => mover.person_id ?? []), household_ids: [] });
const nobody = (): Subjects => ({ person_ids: [], household_ids: [] });

export const paperEffects = {
  order_card: { lease: 'card', plan: noPlan, subjects: subjectOnly },
  temporary_card: { lease: null, plan: noPlan, subjects: nobody },
  issue_certificate: { lease: null, plan: noPlan, subjects: nobody },
  copy_archive: { lease: null, plan: noPlan, subjects: nobody },
  none: { lease: null, plan: noPlan, subjects: nobody },
} satisfies Record<string, Effect>;
