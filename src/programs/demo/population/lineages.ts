/** What passes from parents to children: surname, way of naming, ethnicity, native place. */
import { catalogue, counties, ethnicity, surname } from './distributions.ts';
import { yearOf } from './days.ts';
import { dottedGivenName, dottedName, givenName } from './naming.ts';
import type { Random } from './random.ts';
import type { Lineage, Relative } from './relatives.ts';

/** Where somebody without known parents begins. */
export type Roots = { county_code: string; dotted: boolean };

/** The lineage of a person, made on first asking from that of the parents or, without any, from the roots. */
export function lineageOf(random: Random, person: Relative, roots: Roots): Lineage {
  if (person.lineage !== null) return person.lineage;
  const { origin } = person;
  const father = person.father ? lineageOf(random, person.father, roots) : origin?.father.lineage;
  const mother = person.mother ? lineageOf(random, person.mother, roots) : origin?.mother.lineage;
  person.lineage = father && mother ? inherited(random, father, mother, person) : rooted(random, person, roots);
  return person.lineage;
}

/** Children mostly take the father's surname, since 2000 more often the mother's; the ethnicity is one parent's. */
function inherited(random: Random, father: Lineage, mother: Lineage, person: Relative): Lineage {
  const born = yearOf(person.birth);
  const { dotted } = father;
  const mothersSurname = !dotted && !mother.dotted && random.chance(born < 2000 ? 0.02 : 0.07);
  return {
    surname: mothersSurname ? mother.surname : father.surname,
    given: dotted ? dottedGivenName(random, person.sex) : distinctGivenName(random, person, born, father.childrens_first),
    dotted,
    ethnicity: random.chance(0.85) ? father.ethnicity : mother.ethnicity,
    native_place: father.native_place,
    childrens_first: childrensFirst(random, born),
  };
}

/** Nine of ten couples are of the same ethnicity. */
function rooted(random: Random, person: Relative, { county_code, dotted }: Roots): Lineage {
  const born = yearOf(person.birth);
  const partners = person.spouse?.lineage?.ethnicity;
  const own = dotted ? random.pick(catalogue.dotted_names.ethnicities) : ethnicity(random, county_code);
  return {
    surname: dotted ? '' : surname(random),
    given: dotted ? dottedGivenName(random, person.sex) : givenName(random, person.sex, born),
    dotted,
    ethnicity: partners !== undefined && random.chance(0.9) ? partners : own,
    native_place: random.chance(0.8) ? county_code : random.pick(counties),
    childrens_first: childrensFirst(random, born),
  };
}

/** The custom of a first character shared by brothers and sisters, fading out with parents born after 1975. */
function childrensFirst(random: Random, born: number): string | null {
  return random.chance(born < 1976 ? 0.3 : 0.05) ? [...givenName(random, '1', born + 27)][0]! : null;
}

function distinctGivenName(random: Random, person: Relative, born: number, first: string | null): string {
  const taken = new Set(person.father?.children.map((sibling) => sibling.lineage?.given));
  for (let attempt = 0; ; attempt += 1) {
    const name = givenName(random, person.sex, born, attempt < 3 ? first : null);
    if (!taken.has(name)) return name;
  }
}

/** Surname and given name, or own and father's given name around the dot. */
export function fullName(random: Random, { lineage, father, origin }: Relative): string {
  const { dotted, surname, given } = lineage!;
  if (!dotted) return surname + given;
  const fathers = father?.lineage ?? origin?.father.lineage;
  return dottedName(given, fathers?.given ?? dottedGivenName(random, '1'));
}
