/** The face of population: the register of persons and households, and the one gate through which it changes. */
export { contract } from './contract.ts';
export type { HouseholdPage, PersonPage, PersonRow, TimelineEntry } from './contract.ts';
export { routes } from './routes.ts';
export { refusals } from './errors.ts';
export { jobs, findBrokenInvariants } from './jobs.ts';
export { openLeases, extendLeases, releaseLeases, type Lease, type LeaseKind, type LeaseRequest } from './leases.ts';
export { disclose, endDisclosure, type DisclosureRequest } from './disclosures.ts';
export {
  transferPersons, reverseTransfer, type NewHousehold, type OriginChange, type RelationChange, type TransferOrder, type TransferOutcome, type TransferPlan,
} from './transfer.ts';
export { changeMainItems, changeNonMainItems, recordDeath, type MainItems, type NonMainItems } from './items.ts';
export {
  factsForMove, previewOf, previewTransfer, familyHousehold, headRelation, personStatus,
  type HouseholdFacts, type HouseholdPreview, type KinFacts, type MemberFacts, type MemberPreview, type MoveFacts, type MoverFacts,
} from './move-facts.ts';
export {
  applyPlan, subjectsOf,
  type Alter, type ChangeHousehold, type CloseHousehold, type Enter, type FoundHousehold, type Leave, type Link, type PlanAct, type PlanOrder, type PlanOutcome,
  type RegisterPerson, type RegisterPlan, type Relate, type Renumber, type SetStatus, type Unlink, type UseDocument,
} from './plan.ts';
export { applyUndo, planUndo, type UndoAct, type UndoConflict, type UndoItem, type UndoPlan } from './undo.ts';
export { previewPlan } from './plan-preview.ts';
export { factsForPeople, findUsedDocuments, type AlterationFacts, type HouseholdRecordFacts, type PeopleFacts, type PersonFacts } from './people-facts.ts';
export { accessLogOf, householdOf, householdsAt, personByNumber, type AccessEntry, type FoundPerson, type HouseholdAtAddress, type HouseholdOfPerson } from './lookups.ts';
export { findPersonByNumber, searchPersons } from './search.ts';
export { alterationsOfCase, householdsBehind, type AlterationOfCase, type HouseholdBehind } from './round.ts';
export { householdOfNamed, type NamedHousehold, type NamedPerson } from './named-household.ts';
export { getPerson } from './person-page.ts';
export { getHousehold } from './household-page.ts';
export {
  loadPopulation, type LoadedHousehold, type LoadedKinLink, type LoadedMembership, type LoadedMovement, type LoadedPerson, type LoadOptions, type LoadReport, type PopulationBatch,
} from './load.ts';
export { findCollectiveHouseholds, findLikelySame, registeredSince, registeredSpouse, type CollectiveHousehold, type LikelySame } from './settling.ts';
