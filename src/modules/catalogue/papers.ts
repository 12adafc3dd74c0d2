/** At which act of a case each paper of its service is made. */
import type { PaperName, Service } from './service.ts';

/**
 * `supplement`, `not_accepted` and `rejected` have one notice each, whatever the service. A matter done at once is
 * accepted and executed by the same act; a card that is handed over and a copy that is delivered count as executed.
 */
export type PaperMoment = 'submitted' | 'accepted' | 'supplement' | 'not_accepted' | 'rejected' | 'approved' | 'executed';

/** Papers that the law wants of every service: not listed by any. */
export const lawfulPapers = { supplement: 'correction_notice', not_accepted: 'non_acceptance_notice', rejected: 'refusal_notice' } as const satisfies Partial<Record<PaperMoment, string>>;

/** The usual moment of each; null is made elsewhere (cards) and no paper of ours. A service may say otherwise in `paper_moments`. */
const usual: Record<PaperName, PaperMoment | null> = {
  receipt: 'accepted', public_notice: 'accepted', card_claim_slip: 'accepted', loss_report_receipt: 'accepted',
  move_in_permit: 'approved',
  approval_notice: 'executed', registration_form: 'executed', booklet: 'executed', booklet_page: 'executed', collective_booklet: 'executed', collective_page: 'executed',
  migration_certificate: 'executed', cancellation_certificate: 'executed', alteration_certificate: 'executed', kinship_certificate: 'executed',
  migration_history_certificate: 'executed', id_number_change_certificate: 'executed', temporary_id_card: 'executed', archive_copy: 'executed', residence_receipt: 'executed',
  id_card: null, residence_permit: null,
};

/** The papers that a case of the service gives out at these moments, in the order of the catalogue. */
export function papersAt(service: Service, moments: readonly PaperMoment[]): string[] {
  const lawful = moments.flatMap((moment) => (moment in lawfulPapers ? [lawfulPapers[moment as keyof typeof lawfulPapers]] : []));
  return [...service.papers.filter((name) => moments.includes((service.paper_moments?.[name] ?? usual[name]) as PaperMoment)), ...lawful];
}
