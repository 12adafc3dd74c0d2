/** What an officer and the rules need to know about a case. */
import type { StandardAddress } from '../reference/index.ts';
import type { HouseholdAtAddress, HouseholdFacts, KinFacts, MoveFacts, MoverFacts } from '../population/index.ts';
import type { CaseFile, Party } from './file.ts';
import type { MaterialState } from './materials.ts';

/** A hold by a legal document on one of the people, registered in another case. */
export interface HoldFacts {
  person_id: string;
  document_no: string;
  until_at: Date;
}

export interface CaseFacts {
  file: CaseFile;
  today: string;
  /** As declared, each with what the register knows; null where it knows nobody of that number. */
  movers: readonly (Party & { person: MoverFacts | null })[];
  applicant: MoverFacts | null;
  /** Households that movers leave. */
  origins: readonly HouseholdFacts[];
  target_household: HouseholdFacts | null;
  address: StandardAddress | null;
  kin: readonly KinFacts[];
  materials: readonly MaterialState[];
  holds: readonly HoldFacts[];
  /** Households that are registered at the address already; not the one joined. */
  dwelling: readonly HouseholdAtAddress[];
  /** Names of the offices that findings have to name, by code. */
  offices: ReadonlyMap<string, string>;
  /** The same facts as the register gave them, for its preview. */
  move: MoveFacts;
}

/** What is shown of a case whether it is under way or has ended. */
export type ShownFacts = Pick<CaseFacts, 'file' | 'movers' | 'address' | 'materials'>;
