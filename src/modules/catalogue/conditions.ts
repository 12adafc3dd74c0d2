/** Named conditions that the catalogue refers to. Each is a pure function of the answers given so far and, where ages count, of the day. */
import { ageOn, legalDay } from '../../kernel/clock.ts';
import type { Answers, ConditionName } from './service.ts';

interface Condition {
  /** Names of the answers that it looks at, so that a page knows whether the question lies on it. */
  reads: readonly string[];
  holds: (answers: Answers, today: string) => boolean;
}

/** One answer decides: it has one of these values. */
const oneOf = (name: string, ...values: readonly (string | boolean)[]): Condition => ({ reads: [name], holds: (answers) => values.includes(answers[name] as string) });

/** By the age that a number tells; what cannot be read tells nothing. */
function isOfAge(id_number: unknown, from: number, to: number, today: string): boolean {
  const born = /^\d{6}(\d{4})(\d{2})(\d{2})/u.exec(String(id_number ?? ''));
  if (born === null) return false;
  const age = ageOn(`${born[1]}-${born[2]}-${born[3]}`, today);
  return age >= from && age < to;
}

/** The age of the subject by the number that was given decides. */
const ofAge = (from: number, to: number): Condition => ({
  reads: ['subject_id_number'],
  holds: (answers, today) => isOfAge(answers['subject_id_number'], from, to, today),
});

const table: Record<ConditionName, Condition> = {
  part_of_household_leaves: oneOf('whole_household', false),
  // The applicant says whether the head is among those who leave; the register decides at acceptance.
  head_leaves_and_members_remain: { reads: ['head_leaves', 'whole_household'], holds: (answers) => answers['head_leaves'] === true && answers['whole_household'] === false },
  // A child that leaves part of its family may be going with or to one of two divorced parents (2021 work rules, art. 42).
  minor_leaves_others_behind: {
    reads: ['movers', 'whole_household'],
    holds: (answers, today) => answers['whole_household'] === false && Array.isArray(answers['movers']) && answers['movers'].some((mover) => isOfAge(mover?.id_number, 0, 18, today)),
  },
  minor_follows_one_divorced_parent: oneOf('minor_follows_divorced_parent', true),
  joins_household: oneOf('household_choice', 'join'),
  housing_is_owned: oneOf('housing_basis', 'owned'),
  title_is_not_issued_yet: oneOf('housing_basis', 'contract'),
  housing_is_rented: oneOf('housing_basis', 'public_rent', 'private_rent_filed'),
  // Whoever settles in another's dwelling or joins a household needs the owner's or head's consent (2021 work rules, arts. 40, 41).
  housing_of_another: {
    reads: ['housing_basis', 'household_choice'],
    holds: (answers) => ['relative', 'collective'].includes(String(answers['housing_basis'])) || answers['household_choice'] === 'join',
  },
  reason_is_spouse: oneOf('reason', '33', '08'),
  reason_is_kin: oneOf('reason', '31', '32', '34'),
  settles_in_collective: oneOf('household_choice', 'collective'),
  settles_elsewhere: oneOf('settle_place', 'elsewhere'),
  works_there: oneOf('graduate_destination', 'workplace'),
  talent_by_degree: oneOf('talent_category', 'degree'),
  talent_by_title: oneOf('talent_category', 'title', 'skill'),
  enrols: oneOf('student_move', 'enrolment'),
  graduates: oneOf('student_move', 'graduation'),
  paper_is_lost: oneOf('reissue_kind', 'lost'),
  paper_is_expired_or_damaged: oneOf('reissue_kind', 'expired', 'damaged'),
  permit_is_concerned: oneOf('paper_kind', 'move_in_permit'),
  certificate_is_concerned: oneOf('paper_kind', 'migration_certificate'),
  certificate_is_on_paper: oneOf('certificate_form', 'paper'),

  parents_are_married: oneOf('parents_marriage', 'married'),
  parents_are_not_married: oneOf('parents_marriage', 'not_married'),
  parents_are_divorced: oneOf('parents_marriage', 'divorced'),
  unmarried_and_follows_father: { reads: ['parents_marriage', 'follow_parent'], holds: (answers) => answers['parents_marriage'] === 'not_married' && answers['follow_parent'] === 'father' },
  // Late registration: the further the birth lies back, the less a certificate alone proves (2021 work rules, art. 20).
  parentage_is_in_doubt: {
    reads: ['parents_marriage', 'follow_parent', 'child_birth_on'],
    holds: (answers, today) => {
      const born = answers['child_birth_on'];
      const isOlder = typeof born === 'string' && /^\d{4}-\d{2}-\d{2}$/u.test(born) && ageOn(born, today) >= 6;
      return isOlder || (answers['parents_marriage'] === 'not_married' && answers['follow_parent'] === 'father');
    },
  },
  follows_grandparent: oneOf('follow_parent', 'grandparent'),
  parents_differ_in_ethnicity: oneOf('parents_share_ethnicity', false),
  adoption_is_registered: oneOf('adoption_kind', 'registered'),
  adoption_is_notarised: oneOf('adoption_kind', 'notarised'),

  death_by_medical_certificate: oneOf('death_certificate_kind', 'medical'),
  death_by_police_certificate: oneOf('death_certificate_kind', 'police'),
  death_abroad: oneOf('death_certificate_kind', 'abroad'),
  death_otherwise_proved: oneOf('death_certificate_kind', 'other'),
  death_needs_enquiry: oneOf('death_certificate_kind', 'abroad', 'other'),
  settles_in_hk_macao_taiwan: oneOf('settle_abroad_in', 'hk_macao_taiwan'),
  settles_abroad: oneOf('settle_abroad_in', 'foreign'),
  foreign_nationality_acquired: oneOf('nationality_loss', 'acquired'),
  nationality_renounced: oneOf('nationality_loss', 'renounced'),
  is_duplicate: oneOf('cancel_kind', 'duplicate'),
  death_was_revoked: oneOf('restore_reason', 'death_revoked'),

  subject_is_minor: ofAge(0, 18),
  subject_is_minor_of_eight: ofAge(8, 18),
  corrects_name: oneOf('corrected_item', 'name'),
  corrects_former_name: oneOf('corrected_item', 'former_name'),
  is_correction: oneOf('alteration_kind', 'correction'),
  basis_is_father: oneOf('basis_parent', 'father'),
  basis_is_mother: oneOf('basis_parent', 'mother'),
  is_married: oneOf('new_marital_status', '20', '21', '22', '23'),

  splits_by_property: oneOf('split_basis', 'property'),
  splits_by_marriage: oneOf('split_basis', 'marriage'),
  splits_by_divorce: oneOf('split_basis', 'divorce'),
  splits_by_rent: oneOf('split_basis', 'public_rent'),
  collective_is_kept: oneOf('collective_action', 'create', 'change'),
  dwelling_was_sold: oneOf('settle_reason', 'dwelling_sold'),

  subject_is_under_sixteen: ofAge(0, 16),
  card_is_first: oneOf('card_reason', '11', '12', '13', '14', '15', '16'),
  card_is_renewed: oneOf('card_reason', '21', '22', '23'),
  card_is_damaged: oneOf('card_reason', '23'),
  card_is_lost: oneOf('card_reason', '31'),
  card_is_remade_by_fault: oneOf('card_reason', '40'),
  booklet_is_lost: oneOf('certificate_kind', 'booklet_lost'),
  certifies_kinship: oneOf('certificate_kind', 'kinship'),
  acts_by_mandate: oneOf('requester_capacity', 'agent', 'lawyer'),
  queries_for_another: oneOf('requester_capacity', 'relative', 'agent', 'lawyer', 'agency'),

  permit_is_new: oneOf('permit_action', 'issue'),
  permit_is_replaced: oneOf('permit_action', 'renew', 'replace'),
  stays_for_work: oneOf('stay_basis', 'work'),
  stays_in_dwelling: oneOf('stay_basis', 'dwelling'),
  delivery_by_courier: oneOf('delivery_mode', 'courier'),
};

type Holds = (answers: Answers, today?: string) => boolean;

/** Whether a condition holds for these answers. @param today the legal day, `yyyy-mm-dd`; the present one when left out */
export const conditions = Object.fromEntries(
  Object.entries(table).map(([name, { holds }]) => [name, ((answers, today = legalDay(new Date())) => holds(answers, today)) satisfies Holds]),
) as Record<ConditionName, Holds>;

/** Names of the answers that a condition looks at. */
export const readsOf = (name: ConditionName): readonly string[] => table[name].reads;
