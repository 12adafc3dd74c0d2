/** What is asked for when a paper is composed: its name, its case as far as papers say it, and whose record it shows. */
/** A case as its papers tell of it. Days are `yyyy-mm-dd`. */
export interface CaseOnPaper {
  case_id: string;
  case_no: string;
  /** The act's number in the chain of the case: the same act gives out the same paper once. */
  case_event: number;
  service_code: string;
  service_name: string;
  applicant_name: string;
  is_move: boolean;
  is_closed: boolean;
  /** Who handled it last, as the cards of the booklet name. */
  handled_by: string;
  /** Day on which the register changed, or of the act. */
  on: string;
  /** What the notices tell line by line: label and value. */
  rows: readonly (readonly [label: string, value: string])[];
  people: readonly { name: string; sex: string; birth_on: string; id_number: string; relation: string }[];
  materials: readonly { name: string; settled: string }[];
  due_on: string | null;
  decision: { reason: string; law: string } | null;
  correction: { items: readonly string[]; due_on: string; new_fact: string | null } | null;
  notice: { from_on: string; to_on: string } | null;
  purpose: string | null;
}

/** A permit or certificate of a move between provinces, as it was issued. */
export interface MigrationOnPaper {
  number: string;
  permit_number: string | null;
  reason: string;
  from_area: string | null;
  to_area: string | null;
  to_address: string | null;
  issued_on: string;
  valid_until_on: string;
  movers: readonly { name: string; id_number: string; sex: string; birth_on: string; relation: string; items: Readonly<Record<string, string>> }[];
}

/** What slips about a card say beside the person. */
export interface CardOnPaper {
  /** As declared; whoever lives here may be registered in another province. */
  name: string;
  id_number: string;
  kind: string;
  applied_on: string;
  ready_on: string | null;
  collect_at: string;
  /** Whole words, as `2026年11月23日 9时30分`. */
  reported_at: string | null;
  loss: string | null;
  valid_from_on: string | null;
  valid_until_on: string | null;
  address: string | null;
}

export interface PaperOrder {
  /** Snake case, as in the catalogue; the template bears the same name. */
  name: string;
  case: CaseOnPaper;
  person_ids: readonly string[];
  /** The household of a booklet. */
  household_id?: string | null;
  /** A certificate of what this case altered; otherwise of everything that ever was. */
  of_this_case?: boolean;
  /** The one whose kinship is certified; nobody: all whom the register knows. */
  relative?: string | null;
  migration?: MigrationOnPaper | null;
  card?: CardOnPaper | null;
  pages?: readonly { title: string; pages: number }[];
  issued_by_org: string;
  kept_by_org: string;
}
