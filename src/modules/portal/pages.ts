/** What each page of the portal shows: view → data. Types alone; the pages in web/portal are written against them. */
import type { Text, Violation } from '../../kernel/refusal.ts';
import type { FieldType, Guide, LifeEvent } from '../catalogue/index.ts';

export interface EventCard {
  event: LifeEvent;
  label: Text;
  /** What people say when they mean it. */
  examples: Text;
}

export interface ServiceCard {
  code: string;
  name: Text;
  summary: Text;
  /** How far it goes without a visit. */
  way: Guide['way'];
}

export interface DraftCard {
  draft_id: string;
  service_name: Text;
  done: number;
  total: number;
  expires_on: string;
}

/** The six plain states of the tracker. */
export type TrackerState = 'submitted' | 'accepted' | 'correction_needed' | 'in_review' | 'done' | 'ended';

export interface CaseCard {
  receipt_no: string;
  service_name: Text;
  state: TrackerState;
  submitted_at: string;
  due_on: string | null;
}

export interface OptionView {
  value: string;
  label: Text;
}

/** One question as it stands on a page: what is asked, what was typed. */
export interface FieldView {
  name: string;
  type: FieldType;
  label: Text;
  hint: Text | null;
  /** Whether it must be answered when it is asked. */
  required: boolean;
  /** Asked only while this condition holds. */
  when: string | null;
  options: readonly OptionView[];
  length_max: number | null;
  typed: string;
  persons: PersonListView | null;
  address: AddressView | null;
  area: AreaView | null;
}

export interface AreaView {
  query: string;
  /** Counties found for the query; null when nothing was looked for. */
  found: readonly { code: string; full_name: string }[] | null;
  chosen: { code: string; full_name: string } | null;
}

export interface AddressView {
  /** Counties under their prefectures. */
  areas: readonly { prefecture: string; counties: readonly { code: string; name: string }[] }[];
  area: string;
  query: string;
  /** What was found for the query; null when nothing was looked for. */
  found: readonly { address_id: string; line: string }[] | null;
  chosen: { address_id: string; line: string } | null;
}

export interface MemberView {
  /** Place in the household's entry; the form sends it back. */
  key: number;
  name: string;
  id_number_masked: string;
  relation_text: Text;
  is_self: boolean;
  is_picked: boolean;
  relation: string;
  relations: readonly OptionView[];
  /** Row under which faults of this person are told; null while not picked. */
  row: number | null;
}

export interface PersonListView {
  household: HouseholdState;
  members: readonly MemberView[];
  /** Persons typed by hand, with the number of their row. */
  typed: readonly { row: number; name: string; id_number: string; relation: string }[];
  relations: readonly OptionView[];
  /** `movers` come to a household, `members` form one. */
  of: 'movers' | 'members';
  /** The relation to the head is asked. */
  has_relation: boolean;
  /** One more person may be added. */
  has_room: boolean;
}

/** Whether the register has answered about the own household. */
export type HouseholdState = 'found' | 'waiting' | 'not_found';

export type TaskState = 'done' | 'to_do' | 'faulty';

export interface Task {
  key: string;
  href: string;
  title: Text;
  state: TaskState;
  optional: boolean;
  /** One line on what was answered. */
  answer: Text | null;
}

export interface UploadView {
  upload_id: string;
  href: string;
  file_name: string;
  kilobytes: number;
  hint: 'dark' | 'blurred' | 'small' | null;
}

/** The ways in which a paper may be settled. */
export type MaterialWay = 'verify' | 'certificate' | 'commitment' | 'provided';

export interface MaterialView {
  code: string;
  name: Text;
  why: Text;
  law: Text;
  good_example: Text;
  required: boolean;
  ways: readonly MaterialWay[];
  way: MaterialWay | null;
  certificate_no: string;
  commitment: Text;
  agreed: boolean;
  uploads: readonly UploadView[];
}

export interface AnswerLine {
  label: Text;
  value: Text;
  href: string | null;
}

export interface CorrectionItemView {
  subject: string;
  /** What is missing or wrong, in the officer's words. */
  text: Text;
  /** The questions that it opens again. */
  fields: readonly FieldView[];
  material: MaterialView | null;
}

export interface ProgressView {
  state: TrackerState;
  at: string;
  text: Text;
}

export interface HouseholdMember {
  name: string;
  id_number_masked: string;
  relation_text: Text;
  birth_on: string;
  is_self: boolean;
}

/** Somewhere to turn to without a computer. */
export interface OfflineWays {
  phone: string;
  office_hours: readonly { from: string; to: string }[];
}

export interface Views {
  home: { name: string | null; events: readonly EventCard[]; drafts: readonly DraftCard[]; cases: readonly CaseCard[] };
  guides: { groups: readonly { event: EventCard; services: readonly ServiceCard[] }[] };
  guide: { guide: Guide };
  life_event: { event: EventCard; services: readonly ServiceCard[]; ways: OfflineWays };
  find: { query: string; services: readonly ServiceCard[]; events: readonly EventCard[] };
  help: { ways: OfflineWays };
  offline_ways: {
    ways: OfflineWays; query: string;
    stations: readonly { name: string; name_en: string; address: string | null; phone: string | null }[] | null;
  };
  /** `asked`: a number or code was typed; then `paper` null says that no paper has both. */
  verify: { number: string; code: string; asked: boolean; paper: { number: string; title: Text; issued_by: Text; issued_on: string; voided_on: string | null; sha256: string } | null };
  preferences: { language: 'zh' | 'en'; elder: boolean; back: string };
  start: { guide: Guide; name: string; identity_level: number; drafts: readonly DraftCard[] };
  applications: { drafts: readonly DraftCard[]; cases: readonly CaseCard[] };
  task_list: {
    draft_id: string; service_name: Text; saved_at: string; expires_on: string; tasks: readonly Task[]; settled: readonly { name: Text; how: Text }[];
    done: number; total: number;
  };
  section: { draft_id: string; service_name: Text; section: string; title: Text; fields: readonly FieldView[]; violations: readonly Violation[]; next: string | null };
  material: { draft_id: string; service_name: Text; material: MaterialView; violations: readonly Violation[]; next: string | null };
  check: {
    draft_id: string; service_name: Text; applicant: { name: string; id_number_masked: string }; sections: readonly { title: Text; lines: readonly AnswerLine[] }[]; materials: readonly AnswerLine[];
    law: readonly Text[]; limit: Text; seen_by: readonly Text[]; violations: readonly (Violation & { href: string })[]; closed: Text | null; moves: boolean;
    /** Submitting was tried; before that, what is missing is no fault but still to do. */
    tried: boolean;
  };
  delete_draft: { draft_id: string; service_name: Text };
  confirmation: { receipt_no: string; service_name: Text; submitted_at: string; limit: Text };
  case: {
    receipt_no: string; service_name: Text; case_no: string | null; state: TrackerState; outcome: string | null; submitted_at: string; holder: string | null; due_on: string | null;
    text: Text; reason: Text | null; remedy: Text | null; history: readonly ProgressView[]; received: boolean;
    notices: readonly { href: string; title: Text; issued_at: string; is_void: boolean }[]; correction: { due_on: string; items: number; answered_at: string | null } | null;
    may_withdraw: boolean; withdrawal_asked_at: string | null; discarded: boolean;
  };
  correction: { receipt_no: string; service_name: Text; issued_at: string; due_on: string; items: readonly CorrectionItemView[]; note: string; violations: readonly Violation[] };
  withdraw: { receipt_no: string; service_name: Text; reason: string; violations: readonly Violation[] };
  record: {
    household: HouseholdState; answered_at: string | null; address_text: string; household_no: string; station_name: string; members: readonly HouseholdMember[];
  };
  access_log: {
    state: HouseholdState; answered_at: string | null;
    entries: readonly { at: string; unit: string; post: Text; purpose: Text; reference: string | null; href: string | null }[];
  };
}

export type ViewName = keyof Views;
