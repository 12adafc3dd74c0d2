/** Who comes into the register, as the answers describe him: `child_…` at a birth, `person_…` otherwise. */
import type { Answers } from '../catalogue/index.ts';
import type { NewPerson } from './facts.ts';

/** @returns null where the form describes nobody new, or not yet whole */
export function newPersonOf(answers: Answers): NewPerson | null {
  const prefix = typeof answers['child_name'] === 'string' ? 'child' : 'person';
  const text = (item: string): string | null => {
    const answer = answers[`${prefix}_${item}`];
    return typeof answer === 'string' && answer !== '' ? answer : null;
  };
  const [name, sex, birth_on, ethnicity] = [text('name'), text('sex'), text('birth_on'), text('ethnicity')];
  if (name === null || birth_on === null || ethnicity === null || (sex !== '1' && sex !== '2')) return null;
  return {
    id_number: text('id_number'), name, former_name: null, sex, birth_on, ethnicity, birthplace: text('birthplace_area'), native_place: text('native_place_area'),
    blood_type: text('blood_type'), birth_certificate_no: text('birth_certificate_no'),
  };
}
