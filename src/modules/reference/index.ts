/** The face of reference: what everybody may look up. */
export { contract } from './contract.ts';
export type { Area, CodeList, FoundAddress, Organisation } from './contract.ts';
export { routes } from './routes.ts';
export { refusals } from './errors.ts';
export {
  findAddresses, findAreas, findOrganisations, getOrganisation, listAreaChildren, listCodes, listSuccessors, searchAddresses, searchAreas, searchOrganisations,
  stationForAddress, type StandardAddress,
} from './queries.ts';
export { addAddresses } from './actions.ts';
export { communitiesOf, listDoors, type CommunityOfStation } from './doors.ts';
export { addressRecord, type AddressParts, type AddressRecord } from './addresses.ts';
export { levelOfArea, parentOfArea, type AreaLevel } from './areas.ts';
export { getBureau, getCalendar, type Bureau } from './bureau.ts';
export { loadReference, type LoadOptions } from './load.ts';
export { forgetRemembered } from './remembered.ts';
export {
  isInJurisdiction, isOrganisationCode, jurisdictionRange, levelOfOrganisation, migrationRangeCode, scopeBetween,
  type MoveScope, type OrganisationLevel,
} from './organisations.ts';
export {
  addWorkingDays, addWorkingMinutes, isWorkingDay, isWorkingTime, localDay, workingCalendar, workingMinutesBetween, workingMinutesPerDay,
  type ExceptionalDay, type OfficeSpan, type WorkingCalendar,
} from './working-time.ts';
export {
  checkCharacter, isDemoNumber, maskIdNumber, normaliseIdNumber, parseIdNumber, upgradeOldNumber, validateIdNumber,
  type IdNumberCode, type IdNumberFacts, type IdNumberViolation, type ParsedIdNumber, type Sex,
} from './id-number.ts';
export { lawfulName, NAME_DOT, NAME_LENGTH_MAX, normaliseName, type NameAllowance, type NameCode, type NameViolation } from './names.ts';
export { givenNameViolations, inGeneralTable, type GivenNameViolation } from './name-table.ts';
export { findRelation, HEAD, NON_RELATIVE, relations, type Relation, type RelationGroup } from './relation-codes.ts';
export {
  childRelation, deriveRelation, orderAmongChildren, rederiveRelation, relationViolations,
  type ChildOrder, type HouseholdMember, type Kin, type RederivationFacts, type RelationCode, type RelationViolation,
} from './relations.ts';
