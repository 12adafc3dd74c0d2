/** What other authorities know of the invented people: who they are, and who is married to whom. Read by their simulator. */
import type { KnownPerson } from '../../simulators/agencies.ts';
import type { Population } from './rows.ts';

/** Everybody who is alive, with the numbers of parents and of the present spouse. */
export function knownPeople(population: Pick<Population, 'persons' | 'kin_links'>): KnownPerson[] {
  const numbers = new Map(population.persons.map((person) => [person.person_id, person.id_number]));
  const relatives = new Map(population.kin_links.filter((link) => link.until_on === null).map((link) => [`${link.person_id} ${link.kind}`, numbers.get(link.relative_id) ?? null]));
  return population.persons.filter((person) => person.status === '0').map(({ person_id, id_number, name, sex, birth_on }) => ({
    id_number, name, sex, birth_on, father_id_number: relatives.get(`${person_id} father`) ?? null, mother_id_number: relatives.get(`${person_id} mother`) ?? null, spouse_id_number: relatives.get(`${person_id} spouse`) ?? null,
  }));
}
