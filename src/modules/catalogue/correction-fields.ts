/** Which fields a correction list opens: on the applicant's page and at the counter the same. */
import type { Field, FormSection, PreconditionRule, Service } from './service.ts';

/** Where a condition that is not met is mended; the first name that the form of the service has. */
const fieldsOfRule: Partial<Record<PreconditionRule, readonly string[]>> = {
  registration_is_active: ['movers', 'members', 'subject_id_number'],
  minor_does_not_move_alone: ['movers'],
  leaving_head_has_successor: ['head_leaves', 'new_head_id_number'],
  address_is_standard_and_ours: ['address_id'],
  scope_fits_service: ['address_id'],
  dwelling_is_lawful: ['housing_basis'],
  target_household_is_active_and_consents: ['household_choice', 'target_head_id_number'],
  collective_target_is_in_order: ['household_choice'],
};

export interface CorrectedFields {
  section: FormSection;
  fields: readonly Field[];
}

/**
 * The fields that an item of a correction list is about, with those whose being asked may depend on them.
 * @param subject what the item names: a field, or a condition that was not met; for a paper or free words there is none
 */
export function correctedFields(service: Service, subject: string): CorrectedFields | undefined {
  for (const name of [subject, ...(fieldsOfRule[subject as PreconditionRule] ?? [])]) {
    for (const section of service.form) {
      const field = section.fields.find((one) => one.name === name);
      if (field !== undefined) return { section, fields: withDependents(section, field) };
    }
  }
  return undefined;
}

function withDependents(section: FormSection, field: Field): readonly Field[] {
  if (field.type === 'person_list') return section.fields;
  return section.fields.filter(({ name, when }) => name === field.name || name === pairOf(field.name) || (field.when === undefined && when !== undefined));
}

/** Somebody is named by name and number together. */
function pairOf(name: string): string {
  return name.endsWith('_id_number') ? name.replace(/_id_number$/, '_name') : name.replace(/_name$/, '_id_number');
}
