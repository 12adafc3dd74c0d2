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

export type Act = 'accept' | 'review' | 'approve' | 'confirm_out' | 'execute' | 'execute_instant';
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

export type PreconditionRule =
  | 'identity_is_proved' | 'applicant_is_entitled' | 'registration_is_active' | 'no_conflicting_case' | 'no_open_alteration' | 'no_move_in_transit'
  | 'no_lawful_hold' | 'address_is_standard_and_ours' | 'dwelling_is_lawful' | 'target_household_is_active_and_consents' | 'dwelling_is_free' | 'collective_target_is_in_order'
  | 'minor_does_not_move_alone' | 'no_minor_left_alone' | 'leaving_head_has_successor' | 'scope_fits_service' | 'something_changes';

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
  effect: 'transfer_persons' | 'change_non_main_items';
  papers: readonly string[];
  messages: readonly string[];
  law: readonly Text[];
}

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
