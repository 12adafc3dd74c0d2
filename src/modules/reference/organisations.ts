/** What can be said about organisations from their codes alone. Pure functions, usable in a browser. */

export type OrganisationLevel = 'STATION' | 'COUNTY' | 'PREFECTURE' | 'PROVINCE';

/** How far a move goes, from the jurisdictions of its two ends. */
export type MoveScope = 'in_station' | 'in_county' | 'in_prefecture' | 'in_province' | 'out_of_province';

/** How many leading digits of a code name the jurisdiction of an organisation of each level. */
const OWN_DIGITS: Record<OrganisationLevel, number> = { PROVINCE: 2, PREFECTURE: 4, COUNTY: 6, STATION: 8 };

/** GA 380-2002: six digits of the division, then the unit, its section and its sub-unit; serials 00 mean none. */
const ORGANISATION_CODE = /^\d{6}[0-9A-Z]{2}\d{4}$/;

export function isOrganisationCode(text: string): boolean {
  return ORGANISATION_CODE.test(text);
}

function checked(org_code: string): string {
  if (!isOrganisationCode(org_code)) throw new RangeError(`not an organisation code: ${org_code}`);
  return org_code;
}

/** The level an organisation code stands for. @throws RangeError when it is not a 12-digit organisation code */
export function levelOfOrganisation(org_code: string): OrganisationLevel {
  checked(org_code);
  if (org_code.slice(6, 8) !== '00') return 'STATION';
  if (org_code.slice(4, 6) !== '00') return 'COUNTY';
  return org_code.slice(2, 4) === '00' ? 'PROVINCE' : 'PREFECTURE';
}

/**
 * Codes of an organisation and of everything below it as a half-open range of text in collation "C":
 * `org_from <= code and code < org_to`. A station's range holds the station and its own sub-units.
 * @throws RangeError when it is not a 12-digit organisation code
 */
export function jurisdictionRange(org_code: string): { org_from: string; org_to: string } {
  const prefix = org_code.slice(0, OWN_DIGITS[levelOfOrganisation(org_code)]);
  // '~' sorts after every digit and letter a code may hold.
  return { org_from: prefix, org_to: `${prefix}~` };
}

/** Whether one organisation lies in the jurisdiction of another; each lies in its own. */
export function isInJurisdiction(org_code: string, of_org_code: string): boolean {
  const { org_from, org_to } = jurisdictionRange(of_org_code);
  return checked(org_code) >= org_from && org_code < org_to;
}

/** How far it is from the station (or bureau) of origin to the one of destination. @throws RangeError on a bad code */
export function scopeBetween(origin_org_code: string, target_org_code: string): MoveScope {
  checked(origin_org_code);
  checked(target_org_code);
  const same = (digits: number): boolean => origin_org_code.slice(0, digits) === target_org_code.slice(0, digits);
  if (same(OWN_DIGITS.STATION)) return 'in_station';
  if (same(OWN_DIGITS.COUNTY)) return 'in_county';
  if (same(OWN_DIGITS.PREFECTURE)) return 'in_prefecture';
  return same(OWN_DIGITS.PROVINCE) ? 'in_province' : 'out_of_province';
}

/**
 * The code of list `migration_range` (GA/T 2000.23) for a move. It is always derived and never asked of an operator.
 * Outside the county the codes of the whole class are given, since organisation codes do not tell town from village.
 * @param same_community whether both addresses lie under one neighbourhood or village committee
 */
export function migrationRangeCode(scope: MoveScope, { same_community }: { same_community: boolean }): string {
  switch (scope) {
    case 'in_station': return same_community ? '14' : '15';
    case 'in_county': return '21';
    case 'in_prefecture': return '30';
    case 'in_province': return '40';
    case 'out_of_province': return '50';
  }
}
