/** What an officer and the rules need to know about a case. */
import type { StoredAnswer, StoredOpinion } from '../agencies/index.ts';
import type { StandardAddress } from '../reference/index.ts';
import type { Policy } from '../catalogue/index.ts';
import type { HouseholdAtAddress, HouseholdFacts, HouseholdRecordFacts, KinFacts, MoveFacts, LikelySame, MoverFacts, PersonFacts } from '../population/index.ts';
import type { CaseFile, NamedPart, PartName, Party } from './file.ts';
import type { MaterialState } from './materials.ts';

/** A hold by a legal document on one of the people, registered in another case. */
export interface HoldFacts {
  person_id: string;
  document_no: string;
  until_at: Date;
}

/** Somebody who comes into the register with this case. */
export interface NewPerson {
  /** Known already at a birth abroad, a return or a re-entry; otherwise a number of the pool is assigned. */
  id_number: string | null;
  name: string;
  former_name: string | null;
  sex: '1' | '2';
  birth_on: string;
  ethnicity: string;
  /** Six digits; null abroad or unknown. */
  birthplace: string | null;
  native_place: string | null;
  blood_type: string | null;
  birth_certificate_no: string | null;
}

/** What happened before, as far as a rule asks. */
export interface PastFacts {
  /** The first day on which the subject stood in the register; null for somebody who never did. */
  registered_since: string | null;
  /** Registered people who may be the same as the newcomer. */
  likely_same: readonly LikelySame[];
  /** The document that the entry rests on has served before. */
  document_used: boolean;
}

/** A question to a source outside of the register, as it stands. */
export type SourceFacts = Pick<StoredAnswer, 'source' | 'matter' | 'asked_for' | 'answer'>;

/** Another authority's word on the case. */
export type OpinionFacts = Pick<StoredOpinion, 'agency' | 'stage' | 'status' | 'document_no'>;

/** What was found on the spot. */
export interface EnquiryFacts {
  result: 'confirmed' | 'partly' | 'not_confirmed';
  enquired_on: string;
}

/** The identity card of the subject. */
export interface CardFacts {
  /** Another case has a card on its way, from application to delivery. */
  in_production: boolean;
  applied_for: boolean;
  in_force: boolean;
  /** Last day of the card in force; null where there is none, or where it is valid for life. */
  valid_until_on: string | null;
}

/** A permit or certificate of migration that the case names or issued, as the national network knows it. */
export interface PaperFacts {
  kind: 'move_in_permit' | 'migration_certificate';
  number: string;
  is_ours: boolean;
  state: 'issued' | 'expired' | 'consumed' | 'void' | 'returned';
  /** The case that used or ended it. */
  state_case_id: string | null;
  valid_until_on: string;
  id_numbers: readonly string[];
}

/** Particulars of somebody from another province, as its certificate gives them. */
export type ArrivalFacts = Pick<NewPerson, 'name' | 'former_name' | 'sex' | 'birth_on' | 'ethnicity' | 'birthplace' | 'native_place' | 'blood_type'> & { id_number: string };

export interface PartFacts extends NamedPart {
  person: PersonFacts | null;
}

export interface CaseFacts {
  file: CaseFile;
  today: string;
  policy: Policy;
  /** Whose registration changes, as declared, each with what the register knows; null where it knows nobody of that number. */
  movers: readonly (Party & { person: MoverFacts | null })[];
  /** Whom the answers name by a part. */
  parts: Readonly<Partial<Record<PartName, PartFacts>>>;
  /** Who comes into the register, as declared. */
  new_person: NewPerson | null;
  /** Those among the movers whom another province's certificate describes. */
  arrivals: readonly ArrivalFacts[];
  applicant: MoverFacts | null;
  /** Everybody of the register who is named above, with all items; none for moves, which need less. */
  persons: readonly PersonFacts[];
  /** Households that movers leave, or in which their records change. */
  origins: readonly HouseholdFacts[];
  target_household: HouseholdFacts | null;
  /** Every household of a person named, those above among them. */
  households: readonly HouseholdFacts[];
  /** The same with what only plans ask; none for moves. */
  records: readonly HouseholdRecordFacts[];
  address: StandardAddress | null;
  kin: readonly KinFacts[];
  materials: readonly MaterialState[];
  holds: readonly HoldFacts[];
  /** Households that are registered at the address already; not the one joined. */
  dwelling: readonly HouseholdAtAddress[];
  past: PastFacts;
  sources: readonly SourceFacts[];
  opinions: readonly OpinionFacts[];
  enquiries: readonly EnquiryFacts[];
  card: CardFacts | null;
  papers: readonly PaperFacts[];
  /** Names of the offices that findings have to name, by code. */
  offices: ReadonlyMap<string, string>;
  /** The same facts as the register gave them, for the preview of a move. */
  move: MoveFacts;
}

/** What is shown of a case whether it is under way or has ended. */
export type ShownFacts = Pick<CaseFacts, 'file' | 'movers' | 'address' | 'materials'>;
