/** What a province sets for itself and a rule asks: ages, numbers and days that the law leaves open. Data, in catalogue/policy.json. */
export interface Policy {
  /** Ages in full years. */
  adult_age: number;
  /** From this age a child is asked before the name changes (Civil Code, art. 19). */
  child_heard_age: number;
  /** From this age nobody's ethnicity changes (State Ethnic Affairs Commission, 2015, art. 7). */
  ethnicity_final_age: number;
  /** From this age somebody applies for the card in person (Resident Identity Card Law, art. 7). */
  card_own_age: number;
  /** The youngest and oldest age of a mother that needs no second look. */
  mother_age_min: number;
  mother_age_max: number;
  /** The youngest and greatest distance in years between a parent and a child that needs no second look. */
  parent_gap_min: number;
  /** A birth of this year or within so many days is registered at once, an older one after an enquiry. */
  recent_birth_days: number;
  /** Changes of the name that the county decides; one more goes above it. */
  name_changes_max: number;
  /** How long a notice stands before a registration is cancelled ex officio. */
  notice_days: number;
  /** A card may be renewed so many days before it ends. */
  card_renewal_days: number;
  /** A graduate settles within so many years. */
  graduation_years_max: number;
  /** A written commitment is checked within so many days after the case was executed. */
  commitment_check_days: number;
  /** Who broke a commitment makes none for so many years, in the territory of the level named: the county, the prefecture or the province. */
  commitment_bar_years: number;
  commitment_bar_level: 'COUNTY' | 'PREFECTURE' | 'PROVINCE';
}
