/**
 * The shape of a service item 事项 in catalogue/services/*.json. Data names rules, roles, fields and
 * effects; code is them. There is no expression language in the data.
 */
import type { Text } from '../../kernel/operation.ts';
import type { PaperMoment } from './papers.ts';

/**
 * `area`: a county by its six digits, found by name; `long_text`: paragraphs; `time`: HH:mm; `document_no`: capital
 * letters, digits and hyphens; `organisation_code`: the unified social credit code of a unit (GB 32100).
 */
export const fieldTypes = [
  'person_name', 'id_number', 'phone', 'text', 'long_text', 'yes_no', 'choice', 'code', 'date', 'time', 'whole_number', 'address', 'area',
  'document_no', 'organisation_code', 'person_list',
] as const;
export type FieldType = (typeof fieldTypes)[number];

/** Named conditions on the answers; each is a function in conditions.ts. */
export const conditionNames = [
  // Moves and settling.
  'part_of_household_leaves', 'head_leaves_and_members_remain', 'minor_leaves_others_behind', 'minor_follows_one_divorced_parent', 'joins_household', 'housing_is_owned', 'title_is_not_issued_yet', 'housing_is_rented', 'housing_of_another',
  'reason_is_spouse', 'reason_is_kin', 'settles_in_collective', 'settles_elsewhere', 'works_there', 'talent_by_degree', 'talent_by_title', 'enrols', 'graduates',
  'paper_is_lost', 'paper_is_expired_or_damaged', 'permit_is_concerned', 'certificate_is_concerned', 'certificate_is_on_paper',
  // Births and adoptions.
  'parents_are_married', 'parents_are_not_married', 'parents_are_divorced', 'unmarried_and_follows_father', 'parentage_is_in_doubt', 'follows_grandparent', 'parents_differ_in_ethnicity',
  'adoption_is_registered', 'adoption_is_notarised',
  // Deaths and cancellations.
  'death_by_medical_certificate', 'death_by_police_certificate', 'death_abroad', 'death_otherwise_proved', 'death_needs_enquiry', 'settles_in_hk_macao_taiwan', 'settles_abroad',
  'foreign_nationality_acquired', 'nationality_renounced', 'is_duplicate', 'death_was_revoked',
  // Alterations.
  'subject_is_minor', 'subject_is_minor_of_eight', 'corrects_name', 'corrects_former_name', 'is_correction', 'basis_is_father', 'basis_is_mother', 'is_married',
  // Households.
  'splits_by_property', 'splits_by_marriage', 'splits_by_divorce', 'splits_by_rent', 'collective_is_kept', 'dwelling_was_sold',
  // Cards, certificates, archives.
  'subject_is_under_sixteen', 'card_is_first', 'card_is_renewed', 'card_is_damaged', 'card_is_lost', 'card_is_remade_by_fault',
  'booklet_is_lost', 'certifies_kinship', 'acts_by_mandate', 'queries_for_another',
  // Residence.
  'permit_is_new', 'permit_is_replaced', 'stays_for_work', 'stays_in_dwelling', 'delivery_by_courier',
] as const;
export type ConditionName = (typeof conditionNames)[number];

export interface Field {
  /** snake_case; the same word in the form, the JSON and the case. */
  name: string;
  type: FieldType;
  required: boolean;
  /** The field is asked only while this holds; then it is required. */
  when?: ConditionName;
  label: Text;
  hint?: Text;
  options?: readonly { value: string; label: Text }[];
  /** Code list of `type: 'code'`, and which of its codes are offered, in order. */
  list?: string;
  codes?: readonly string[];
  length_max?: number;
  minimum?: number;
  maximum?: number;
  items_max?: number;
  /** Of `person_list`: `one` of them is the head of the household they form; `none` when they join one that has its head. */
  head?: 'one' | 'none';
  /** Of `person_list`: the relation to the head is not asked, as where people leave. */
  without_relation?: true;
}

export interface FormSection {
  key: string;
  title: Text;
  /** Nothing in it need be answered. */
  optional?: true;
  fields: readonly Field[];
}

export interface MaterialRequirement {
  code: string;
  required: 'always' | 'when' | 'optional';
  when?: ConditionName;
}

/**
 * Facts for which a paper is not asked (rule 1). All but `always` are of the register or of the case; `always`: the fact
 * is only ever verified over the network.
 */
export const cancellingFacts = [
  'always', 'spouses_in_register', 'kin_in_register', 'registered_in_province', 'guardianship_in_register', 'parents_share_ethnicity', 'original_record_on_file',
  'moves_within_province', 'own_record', 'enquiry_replaces_it', 'identity_is_verified', 'portrait_is_recent',
] as const;
export type CancellingFact = (typeof cancellingFacts)[number];

/** What replaces a paper, in the order of the four rules 四个一律. */
export interface Material {
  name: Text;
  why: Text;
  law: Text;
  /** Who brings it into the case: the applicant, the police by their enquiry, or the system itself. */
  supplied_by: 'applicant' | 'police' | 'system';
  /** Rule 1: not asked because the register or the law makes it needless (named fact), else null. */
  cancelled_when: CancellingFact | null;
  /**
   * Rule 4: verified over the network with these sources; `population`, `permits` and `cards` are our own modules, the
   * rest are agencies. A source that is down never counts as a match.
   */
  verified_by: readonly string[];
  /** Rule 2: an existing certificate does. */
  certificates: readonly string[];
  /** Rule 3: a written commitment does. */
  commitment: boolean;
  good_example: Text;
}

/**
 * What a step of a route does. `verify`: an enquiry in the community, on the spot or by the unit below;
 * `await_certificate`: waits for the paper of another province; `agency_*`: another authority decides;
 * `produce`, `hand_over`: cards; `deliver_copy`: the archive hands out a copy.
 */
export const acts = [
  'accept', 'verify', 'review', 'approve', 'agency_preliminary', 'agency_approve', 'confirm_out', 'await_certificate',
  'execute', 'execute_instant', 'produce', 'hand_over', 'deliver_copy',
] as const;
export type Act = (typeof acts)[number];
export type Level = 'STATION' | 'COUNTY' | 'PREFECTURE' | 'PROVINCE';
export type Scope = 'in_station' | 'in_county' | 'in_prefecture' | 'in_province';

export interface RouteStep {
  step: number;
  act: Act;
  role: string;
  /** Other posts of the same unit that may take the step, where the law lets them: 非主项 are kept by community officers too. */
  also?: readonly string[];
  level: Level;
  /**
   * Whose organisation: of the destination, of the origin, where the person is registered, or the counter at which the
   * application was handed in (cards away from home); the level says how far above the station.
   */
  at: 'target' | 'origin' | 'registered' | 'counter';
  /** Of `agency_*`: which authority outside of the police decides; `level` is then the level of that authority. */
  agency?: 'ethnic_affairs';
  limit_working_minutes: number;
  /** What silence means when the limit has passed; otherwise the step only becomes overdue. */
  on_timeout?: 'confirm';
  label: Text;
}

/** Names of the rules of law that a service may call upon; each is a function of the cases module. */
export const preconditionRules = [
  // Who applies and whether the record is free.
  'identity_is_proved', 'applicant_is_entitled', 'registration_is_active', 'is_not_deceased', 'no_conflicting_case', 'no_open_alteration',
  'no_lawful_hold',
  // Births, adoptions, finds.
  'birth_certificate_is_unused', 'born_not_in_future', 'born_recently', 'mother_age_is_plausible', 'no_likely_duplicate',
  'followed_parent_is_registered_here', 'family_household_goes_first', 'ethnicity_follows_a_parent', 'surname_is_lawful', 'name_is_lawful',
  'foreign_document_is_authenticated', 'nationality_is_clear', 'adoption_is_verified', 'rescue_search_is_clear',
  // Deaths and cancellations.
  'death_date_is_plausible', 'death_is_proved', 'notice_period_is_over', 'enlistment_is_verified', 'settlement_is_verified',
  'duplicate_is_confirmed',
  // Moves.
  'no_move_in_transit', 'scope_fits_service', 'comes_from_another_province', 'target_household_is_active_and_consents', 'marriage_is_valid',
  'is_parent_or_child', 'address_is_standard_and_ours', 'dwelling_is_lawful', 'dwelling_is_free', 'meets_local_policy', 'enrolment_is_verified',
  'graduation_is_verified', 'collective_target_is_in_order', 'permit_is_valid', 'certificate_is_unused', 'not_settled_elsewhere',
  'minor_does_not_move_alone', 'no_minor_left_alone', 'leaving_head_has_successor',
  // Alterations.
  'something_changes', 'name_changes_within_limit', 'minor_has_parents_consent', 'minor_was_heard', 'sex_evidence_is_verified',
  'birth_date_evidence_is_older', 'birth_date_never_corrected', 'ethnicity_change_is_lawful', 'ethnicity_follows_basis_parent',
  'agency_has_approved', 'number_problem_is_confirmed', 'original_record_is_on_file',
  // Supplements and restorations.
  'national_search_is_clear', 'biometric_comparison_is_recorded', 'enquiry_is_recorded', 'discharge_is_verified', 'cancellation_is_restorable',
  // Households.
  'household_has_one_head', 'new_head_is_adult_member', 'split_is_grounded', 'merge_is_grounded', 'relations_are_complete', 'collective_is_empty',
  'unit_is_registered', 'dwelling_was_transferred',
  // Cards.
  'no_card_in_production', 'renewal_is_due', 'fingerprint_matches', 'card_is_applied_for', 'minor_card_by_guardian', 'remote_conditions_met',
  'matches_national_platform',
  // Certificates and archives.
  'requester_is_entitled', 'purpose_is_lawful', 'fact_is_registered',
] as const;
export type PreconditionRule = (typeof preconditionRules)[number];

export interface Precondition {
  rule: PreconditionRule;
  at: readonly ('accept' | 'approve' | 'execute')[];
  /** `notify`: the act goes on, and the station is told what it must see to. */
  on_fail: 'refuse' | 'return' | 'escalate' | 'redirect' | 'notify';
}

/** What a case does to the register when it is executed; each is code of the cases module. `none`: nothing in the register changes. */
export const effectNames = [
  'transfer_persons', 'arrive_from_province', 'leave_province', 'reissue_migration_paper', 'return_home',
  'register_birth', 'register_person', 'register_death', 'cancel_registration', 'cancel_duplicate', 'restore_registration',
  'change_non_main_items', 'alter_main_items',
  'establish_household', 'split_household', 'merge_households', 'change_head', 'manage_collective', 'settle_in_community',
  'order_card', 'temporary_card', 'issue_certificate', 'copy_archive', 'none',
] as const;
export type EffectName = (typeof effectNames)[number];

/** Who may apply. */
export const applicantNames = [
  'self', 'father', 'mother', 'parent', 'guardian', 'spouse', 'head', 'relative', 'carer', 'adopter', 'owner', 'agent', 'unit', 'school', 'welfare_institution',
  'village_committee', 'military_office', 'veterans_office', 'lawyer', 'agency', 'police_ex_officio',
] as const;
export type ApplicantName = (typeof applicantNames)[number];

/** `online_full`: no visit at all; `online_precheck`: checked online, one visit with the originals; `cross_province`: may begin in another province. */
export const channelNames = ['online_full', 'online_precheck', 'booking', 'window', 'self_service', 'cross_province', 'ex_officio'] as const;
export type ChannelName = (typeof channelNames)[number];

export interface Limits {
  statutory_working_days: number;
  /** Where the law counts by the calendar (cards): days; the working days above are then not told. */
  statutory_calendar_days?: number;
  promised_working_days: number;
  precheck_working_days: number;
  supplement_working_days: number;
  extension_working_days: number;
}

export interface Service {
  code: string;
  key: string;
  version: string;
  valid_from: string;
  valid_to?: string;
  name: Text;
  category: string;
  life_event: LifeEvent;
  scope: Scope | null;
  summary: Text;
  applicants: readonly ApplicantName[];
  channels: readonly ChannelName[];
  /** Whether the person must appear: never, once when collecting, or for the application itself. */
  presence: 'none' | 'at_pickup' | 'required';
  /** By when it is to be declared, where the law says so. */
  declaration?: Text;
  identity_level_min: number;
  sensitivity: 'S0' | 'S1' | 'S2' | 'S3';
  /** A portrait or fingerprint comparison, one to one, must be on record (2021 work rules, art. 9). */
  biometric: boolean;
  mode: 'instant' | 'chain';
  fee_fen: number;
  /** Fees other than `fee_fen`, the first whose condition holds. */
  fee_cases?: readonly { when: ConditionName; fee_fen: number }[];
  form: readonly FormSection[];
  materials: readonly MaterialRequirement[];
  preconditions: readonly Precondition[];
  route: readonly RouteStep[];
  /** Another route, taken while the answers fulfil a condition. */
  alternative?: { when: ConditionName; route: readonly RouteStep[] };
  /** The route where whoever decides accepts 顶级受理; the policy of a bureau switches it on. */
  top_level?: readonly RouteStep[];
  limits: Limits;
  effect: EffectName;
  papers: readonly PaperName[];
  /** Where a paper is made at another act than usual (papers.ts). */
  paper_moments?: Partial<Record<PaperName, PaperMoment>>;
  messages: readonly MessageName[];
  /** Slots of the volume: materials captured into it; application form, papers and the record of the case are added by themselves. */
  archive: { volume: 'person' | 'household'; capture: readonly string[] };
  law: readonly Text[];
}

/** What is issued. */
export const paperNames = [
  'receipt', 'approval_notice', 'public_notice', 'registration_form', 'booklet', 'booklet_page', 'collective_booklet', 'collective_page',
  'move_in_permit', 'migration_certificate', 'cancellation_certificate', 'alteration_certificate', 'kinship_certificate', 'migration_history_certificate',
  'id_number_change_certificate', 'id_card', 'temporary_id_card', 'card_claim_slip', 'loss_report_receipt', 'archive_copy', 'residence_receipt', 'residence_permit',
] as const;
export type PaperName = (typeof paperNames)[number];

/** What the applicant is told on the way. */
export const messageNames = ['submitted', 'accepted', 'supplement', 'forwarded', 'decided', 'executed', 'ready'] as const;
export type MessageName = (typeof messageNames)[number];

export type LifeEvent =
  | 'birth' | 'move_home' | 'marriage_and_household' | 'card_lost_or_expired' | 'wrong_information' | 'death'
  | 'study_and_work' | 'leave_and_return' | 'no_registration' | 'papers_and_archives' | 'stay_elsewhere';

export const lifeEvents: Record<LifeEvent, Text> = {
  birth: { zh: '孩子出生', en: 'A child is born' },
  move_home: { zh: '搬家迁户口', en: 'Moving home' },
  marriage_and_household: { zh: '结婚·分户', en: 'Marriage, dividing a household' },
  card_lost_or_expired: { zh: '证件丢失或到期', en: 'Card lost or expired' },
  wrong_information: { zh: '信息有错或变化', en: 'Something is wrong or has changed' },
  death: { zh: '亲人去世', en: 'A death in the family' },
  study_and_work: { zh: '上学·毕业·工作', en: 'School, graduation, work' },
  leave_and_return: { zh: '参军·出国·回来', en: 'Army, going abroad, coming back' },
  no_registration: { zh: '没有户口或被注销', en: 'No registration, or it was cancelled' },
  papers_and_archives: { zh: '开证明·查档案', en: 'Certificates and archives' },
  stay_elsewhere: { zh: '在外居住', en: 'Living away from home' },
};

/** One person of a list, as declared. */
export interface DeclaredMover {
  name: string;
  id_number: string;
  /** Relation to the head of the household that is formed or joined, GB/T 4761; empty where it is not asked. */
  relation: string;
}

/** Answers by field name, parsed: lists stay lists, yes/no are booleans, whole numbers are numbers. */
export type Answers = Record<string, unknown>;

/** How a material was settled, with the evidence of it. */
export interface SuppliedMaterial {
  code: string;
  /** provided: pictures; original: seen at the counter, scanned or not; commitment: in writing; certificate: an existing one by number. */
  by: 'provided' | 'original' | 'commitment' | 'certificate';
  certificate_no?: string;
  attachments: readonly Attachment[];
}

export interface Attachment {
  sha256: string;
  media_type: 'image/jpeg' | 'image/png';
  file_name: string;
  bytes: number;
}
