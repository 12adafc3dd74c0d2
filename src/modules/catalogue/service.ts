/**
 * The shape of a service item 事项 in catalogue/services/*.json. Data names rules, roles, fields and
 * effects; code is them. There is no expression language in the data.
 */
import type { Text } from '../../kernel/operation.ts';

export type FieldType =
  | 'person_name' | 'id_number' | 'phone' | 'text' | 'yes_no' | 'choice' | 'code' | 'date' | 'whole_number' | 'address' | 'person_list';

/** Named conditions on the answers; each is a function in conditions.ts. */
export type ConditionName =
  | 'part_of_household_leaves' | 'head_leaves_and_members_remain' | 'joins_household' | 'delivery_by_courier' | 'housing_is_owned' | 'housing_is_rented' | 'housing_of_another'
  | 'reason_is_spouse' | 'reason_is_kin';

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
}

export interface FormSection {
  key: string;
  title: Text;
  fields: readonly Field[];
}

export interface MaterialRequirement {
  code: string;
  required: 'always' | 'when' | 'optional';
  when?: ConditionName;
}

/** What replaces a paper, in the order of the four rules 四个一律. */
export interface Material {
  name: Text;
  why: Text;
  law: Text;
  /** Rule 1: not asked because the register or the law makes it needless (named fact), else null. */
  cancelled_when: 'spouses_in_register' | 'kin_in_register' | null;
  /** Rule 4: verified over the network with these sources. A source that is down never counts as a match. */
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
  level: Level;
  /** Whose organisation: of the destination, of the origin, or where the person is registered. */
  at: 'target' | 'origin' | 'registered';
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
  applicants: readonly string[];
  channels: readonly string[];
  identity_level_min: number;
  sensitivity: 'S0' | 'S1' | 'S2' | 'S3';
  mode: 'instant' | 'chain';
  fee_fen: number;
  form: readonly FormSection[];
  materials: readonly MaterialRequirement[];
  preconditions: readonly Precondition[];
  route: readonly RouteStep[];
  limits: {
    statutory_working_days: number; promised_working_days: number; precheck_working_days: number; supplement_working_days: number; extension_working_days: number;
  };
  effect: EffectName;
  papers: readonly string[];
  messages: readonly string[];
  law: readonly Text[];
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

export type LifeEvent = 'birth' | 'move_home' | 'marriage_and_household' | 'card_lost_or_expired' | 'wrong_information' | 'death';

export const lifeEvents: Record<LifeEvent, Text> = {
  birth: { zh: '孩子出生', en: 'A child is born' },
  move_home: { zh: '搬家迁户口', en: 'Moving home' },
  marriage_and_household: { zh: '结婚·分户', en: 'Marriage, dividing a household' },
  card_lost_or_expired: { zh: '证件丢失或到期', en: 'Card lost or expired' },
  wrong_information: { zh: '信息有错或变化', en: 'Something is wrong or has changed' },
  death: { zh: '亲人去世', en: 'A death in the family' },
};

/** One person who moves, as declared. */
export interface DeclaredMover {
  name: string;
  id_number: string;
  /** Relation to the head of the household at the destination, GB/T 4761. */
  relation: string;
}

/** Answers by field name, parsed: lists stay lists, yes/no are booleans, whole numbers are numbers. */
export type Answers = Record<string, unknown>;

/** How a material was settled, with the evidence of it. */
export interface SuppliedMaterial {
  code: string;
  /** provided: scans; commitment: a written commitment; certificate: an existing electronic certificate by number. */
  by: 'provided' | 'commitment' | 'certificate';
  certificate_no?: string;
  attachments: readonly Attachment[];
}

export interface Attachment {
  sha256: string;
  media_type: 'image/jpeg' | 'image/png';
  file_name: string;
  bytes: number;
}
