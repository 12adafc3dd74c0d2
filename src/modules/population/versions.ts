/**
 * The two times of the register. Valid time is what held on a day; record time is what the register knew at an instant.
 * Record time is kept as versions: the present row and its past ones. Valid time is kept where the fact has a period
 * (memberships), and for items of a person as alterations: a later change is taken back, a correction is not, because
 * what was corrected had been wrong all along.
 */

const columns = {
  person: `person_id, id_number, name, former_name, sex, ethnicity, birth_on, birthplace, native_place, status, died_on, education, marital_status,
    military_service, blood_type, height_cm, occupation, workplace, phone, household_id, station_code, address_id, synthetic, version, case_id, recorded_from`,
  household: 'household_id, household_no, household_type, station_code, address_id, established_on, status, closed_on, unit_name, unit_code, manager_id, version, case_id, recorded_from',
  membership: 'membership_id, person_id, household_id, relation, station_code, period, version, case_id, recorded_from',
  kin_link: 'kin_link_id, person_id, relative_id, kind, from_on, until_on, version, case_id, recorded_from',
} as const;

/** Rows of a table that satisfy a condition, as they were known at the instant in the parameter named. */
export function known(table: keyof typeof columns, known_at: string, condition: string): string {
  return `(select ${columns[table]} from population.${table} where ${condition} and recorded_from <= ${known_at}
    union all
    select ${columns[table]} from population.${table}_past where ${condition} and recorded_from <= ${known_at} and recorded_until > ${known_at})`;
}

/**
 * A household as it was at an instant of valid time, as known at another. Address, station and unit have no days of
 * their own: they hold from when they were recorded, and what was recorded first has held since the household began.
 */
export function householdOn(household_id: string, at: string, known_at: string): string {
  return `(select * from (
      select ${columns.household} from population.household where household_id = ${household_id}
      union all
      select ${columns.household} from population.household_past where household_id = ${household_id}) version
    where version.recorded_from <= ${known_at}
    order by version.recorded_from <= ${at} desc, case when version.recorded_from <= ${at} then version.version else -version.version end desc limit 1)`;
}

/** Items of a person that were changed after a day, with their values from before, as one JSON object. */
export function changesAfter(person_id: string, day: string, known_at: string): string {
  return `(select jsonb_object_agg(first.item, first.old_value) from (
    select distinct on (item) item, old_value from population.alteration
    where person_id = ${person_id} and kind = 'change' and effective_on > ${day} and recorded_from <= ${known_at}
    order by item, effective_on, recorded_from, alteration_id) as first)`;
}

export interface Moments {
  /** Legal day, yyyy-mm-dd. */
  as_of?: string | undefined;
  /** Instant, ISO 8601. */
  known_at?: string | undefined;
}

/** Both times as SQL parameters: the day, the last instant of that day, and the instant of knowledge. */
export function momentsOf({ as_of, known_at }: Moments): [day: string, at: string, known_at: string] {
  return [as_of ?? 'infinity', as_of === undefined ? 'infinity' : `${as_of}T23:59:59.999999+08:00`, known_at ?? 'infinity'];
}

/** A membership holds at an instant; at infinity the open one does. */
export function holdsAt(period: string, at: string): string {
  return `(${period} @> ${at} or upper_inf(${period}) and ${at} = 'infinity')`;
}
