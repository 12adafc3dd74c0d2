/** Who is what to whom in a household, from the links of the register and from the relations of before. */
import { deriveRelation, findRelation, rederiveRelation, type Kin } from '../../reference/index.ts';
import { headRelation, type HouseholdFacts, type KinFacts, type MemberFacts } from '../../population/index.ts';

/** Where the register's links and the old relations say nothing certain: 97 其他亲属 is corrected by 1104 when needed. */
const otherRelative = '97';

/** 98 保姆, 99 非亲属: nobody's relatives, whoever is head. */
const noRelatives = new Set(['98', '99']);

/** The links over the members of one household: of people elsewhere no more is known than that they are somebody's parent. */
function kinOf(members: readonly MemberFacts[], links: readonly KinFacts[]): Kin<string> {
  const byId = new Map(members.map((member) => [member.person_id, member]));
  const one = (person: string, kind: KinFacts['kind']): string | null => links.find((link) => link.person_id === person && link.kind === kind)?.relative_id ?? null;
  return {
    sex: (person) => byId.get(person)?.sex ?? (links.some((link) => link.relative_id === person && link.kind === 'mother') ? '2' : '1'),
    father: (person) => one(person, 'father'),
    mother: (person) => one(person, 'mother'),
    spouse: (person) => one(person, 'spouse'),
    children: (person) => childrenOf(person, links).filter((child) => byId.has(child)).sort((a, b) => (byId.get(a)!.birth_on < byId.get(b)!.birth_on ? -1 : 1)),
  };
}

function childrenOf(person: string, links: readonly KinFacts[]): string[] {
  return [...new Set(links.filter((link) => link.relative_id === person && (link.kind === 'father' || link.kind === 'mother')).map((link) => link.person_id))];
}

/** 其他儿子, 其他女儿: a child whose rank is not known, because brothers or sisters are registered elsewhere. */
const childWithoutRank = { 1: '29', 2: '39' } as const;

/** The relations of those who stay to the head who follows. */
export function relationsAfter(household: HouseholdFacts, remaining: readonly MemberFacts[], head: MemberFacts, links: readonly KinFacts[]): { person_id: string; relation: string }[] {
  const oldHead = household.members.find((member) => member.relation === headRelation);
  const kin = kinOf(household.members, links);
  const children = childrenOf(head.person_id, links);
  const childrenOfOld = oldHead === undefined ? [] : childrenOf(oldHead.person_id, links);
  // A daughter of an earlier marriage counts for one of the two and not for the other.
  const same_children = childrenOfOld.length === children.length && childrenOfOld.every((child) => children.includes(child));
  const allAtHome = children.every((child) => household.members.some((member) => member.person_id === child));
  return remaining.map((member) => {
    const isChild = children.includes(member.person_id);
    const derived = isChild && !allAtHome ? null : deriveRelation(member.person_id, head.person_id, kin);
    const relation = derived ?? rederiveRelation(member.relation, head.relation, {
      member_sex: member.sex, old_head_sex: oldHead?.sex ?? '1', new_head_sex: head.sex, member_birth_on: member.birth_on, new_head_birth_on: head.birth_on, ...(isChild ? { link: 'child' as const, same_children } : {}),
    });
    return { person_id: member.person_id, relation: relation ?? (isChild ? childWithoutRank[member.sex] : noRelatives.has(member.relation) ? member.relation : otherRelative) };
  });
}

/** Somebody as far as kinship asks. */
export type Kinsman = Pick<MemberFacts, 'person_id' | 'sex' | 'birth_on'>;

/**
 * What somebody is to the head of a household that he joins: as the links tell, else as declared, else another relative.
 * @param links of the register, with those that the case makes
 */
export function relationTo(person: Kinsman, household: Pick<HouseholdFacts, 'members'>, links: readonly KinFacts[], declared = ''): string {
  const head = household.members.find((member) => member.relation === headRelation);
  if (head === undefined) return declared === '' ? otherRelative : declared;
  const members = [...household.members, { ...person, name: '', id_number: '', relation: '', is_minor: false }];
  const derived = deriveRelation(person.person_id, head.person_id, kinOf(members, links));
  const children = childrenOf(head.person_id, links);
  // A rank among brothers and sisters is certain only where all of them are in the household.
  const ranked = !children.includes(person.person_id) || children.every((child) => members.some((member) => member.person_id === child));
  if (derived !== null && ranked) return derived;
  return declared !== '' ? declared : children.includes(person.person_id) ? childWithoutRank[person.sex] : otherRelative;
}

/** 独生子, 独生女 cease to be only children when a brother or sister enters the household. */
const eldestOf: Partial<Record<string, string>> = { 21: '22', 31: '32' };

/** Only children of the head who are no longer the only one. */
export function noLongerOnlyChildren(household: Pick<HouseholdFacts, 'members'>, links: readonly KinFacts[]): { person_id: string; relation: string }[] {
  const head = household.members.find((member) => member.relation === headRelation);
  if (head === undefined || childrenOf(head.person_id, links).length < 2) return [];
  return household.members.flatMap((member) => {
    const eldest = eldestOf[member.relation];
    return eldest === undefined ? [] : [{ person_id: member.person_id, relation: eldest }];
  });
}

/** The word for the same place in a family that fits the other sex, where the word implies one: 22 长子 becomes 32 长女. */
export function relationOfSex(relation: string, sex: '1' | '2'): string {
  const now = findRelation(relation);
  if (now === undefined || now.implied_sex === null || now.implied_sex === sex) return relation;
  return counterparts[relation] ?? (now.group === 'child' ? childWithoutRank[sex] : otherRelative);
}

const counterparts: Partial<Record<string, string>> = Object.fromEntries([
  ['11', '12'], ['21', '31'], ['22', '32'], ['23', '33'], ['24', '34'], ['25', '35'], ['26', '36'], ['27', '37'], ['28', '38'], ['29', '39'], ['41', '42'], ['43', '44'], ['51', '52'],
  ['53', '54'], ['55', '56'], ['57', '58'], ['61', '62'], ['63', '64'], ['66', '67'], ['71', '75'], ['73', '77'], ['93', '94'], ['95', '96'],
].flatMap(([one, other]) => [[one!, other!], [other!, one!]]));
