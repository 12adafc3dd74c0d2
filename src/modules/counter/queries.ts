/** What the counter page asks while somebody types. */
import { legalDay, type Context, type InputOf, type OutputOf } from '../../kernel/index.ts';
import { admitOfficer, serviceOf } from '../cases/index.ts';
import { askedAnswers, checkAnswers, type Answers, type DeclaredMover, type Service } from '../catalogue/index.ts';
import { householdOfNamed } from '../population/index.ts';
import { findAddresses, findAreas, findOrganisations, lawfulName, normaliseIdNumber, normaliseName, parseIdNumber, relationViolations, validateIdNumber } from '../reference/index.ts';
import type { contract, EntryViolation } from './contract.ts';

/** @throws Refusal cases.service_unknown, cases.service_not_yours */
export async function findHousehold(context: Context, input: InputOf<typeof contract.findHousehold>): Promise<OutputOf<typeof contract.findHousehold>> {
  admitOfficer(context, 'cases.open_case', serviceOf(input.service_code));
  const found = await householdOfNamed(context, input);
  if (found === undefined) return { found: null };
  const { person, household, kin } = found;
  const [offices, addresses, areas] = await Promise.all([
    findOrganisations(context, [...new Set([person.station_code, ...(household === null ? [] : [household.station_code])])]),
    household === null ? new Map<string, never>() : findAddresses(context, [household.address_id]),
    person.native_place === null ? new Map<string, never>() : findAreas(context, [person.native_place]),
  ]);
  const office = (code: string) => ({ zh: offices.get(code)?.name ?? code, en: offices.get(code)?.name_en ?? code });
  return {
    found: {
      person: { ...person, station_name: office(person.station_code), native_place_name: areas.get(person.native_place ?? '')?.full_name ?? null },
      household: household === null ? null : { ...household, station_name: office(household.station_code), address: addresses.get(household.address_id)?.line ?? '' },
      kin,
    },
  };
}

/**
 * Everything wrong with the answers so far, as it would be told when they are sent; and contradictions of relations that
 * an officer decides on (`is_warning`). Fields that are still empty are nobody's fault while one is typing.
 * @throws Refusal cases.service_unknown, cases.service_not_yours
 */
export async function checkEntry(context: Context, input: InputOf<typeof contract.checkEntry>): Promise<OutputOf<typeof contract.checkEntry>> {
  const service = serviceOf(input.service_code);
  admitOfficer(context, 'cases.open_case', service);
  const today = legalDay(context.now);
  const answers = askedAnswers(service, input.answers as Answers, today);
  const [name, id_number] = [normaliseName(input.applicant_name), normaliseIdNumber(input.applicant_id_number)];
  const applicant: EntryViolation[] = [
    ...(name === '' ? [] : lawfulName(name).map(({ code, zh, en }) => ({ field: 'applicant_name', code, is_warning: false, zh, en }))),
    ...(id_number === '' ? [] : validateIdNumber(id_number, { today }).map(({ code, severity, zh, en }) => ({ field: 'applicant_id_number', code, is_warning: severity === 'warning', zh, en }))),
  ];
  const ofForm = checkAnswers(service, answers, { today }).filter(({ code }) => code !== 'required').map((violation) => ({ ...violation, is_warning: false }));
  const told = new Set(ofForm.map(({ field }) => field));
  return { violations: [...applicant, ...ofForm, ...relationFaults(service, answers).filter(({ field }) => !told.has(field))] };
}

/** The household that those listed form by themselves: sex and age are in the numbers. */
function relationFaults(service: Service, answers: Answers): EntryViolation[] {
  const list = service.form.flatMap((section) => section.fields).find((field) => field.type === 'person_list' && field.without_relation !== true);
  const listed = list === undefined ? undefined : answers[list.name];
  if (list === undefined || !Array.isArray(listed) || (list.head !== 'one' && answers['household_choice'] !== 'new')) return [];
  const members = (listed as DeclaredMover[]).flatMap((mover, index) => {
    const number = parseIdNumber(mover.id_number);
    return number === null ? [] : [{ person_id: String(index), relation: mover.relation, sex: number.sex, birth_on: number.birth_on }];
  });
  if (members.length < (listed as unknown[]).length || members.some(({ relation }) => relation === '')) return [];
  return relationViolations(members).filter(({ person_id }) => person_id !== null)
    .map(({ person_id, code, zh, en }) => ({ field: `${list.name}.${person_id}.relation`, code, is_warning: true, zh, en }));
}
