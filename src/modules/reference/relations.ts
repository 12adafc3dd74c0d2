/**
 * Relations inside a household: which code of GB/T 4761 a member has to a head, what it becomes when another member
 * becomes head, and what contradicts what. Pure rules without imports from outside this folder; forms use them too.
 *
 * Two roads lead to a code. `deriveRelation` walks the kin links and knows; `rederiveRelation` has only the old codes
 * and a few facts, answers where the answer is certain, and otherwise returns null: then the officer is asked.
 */
import type { Text } from '../../kernel/refusal.ts';
import type { Sex } from './id-number.ts';
import { findRelation, HEAD, NON_RELATIVE, type Relation, type RelationGroup } from './relation-codes.ts';

/** Where a child stands among all children of the same parent. */
export type ChildOrder = {
  /** 1 for the eldest of the same sex. */
  rank: number;
  /** No brother or sister at all. */
  only: boolean;
};

/** The code of a head's own child: only, eldest to fifth of its sex, otherwise "other son" or "other daughter". */
export function childRelation(sex: Sex, order: ChildOrder): string {
  const series = sex === '1' ? '2' : '3';
  if (order.only) return `${series}1`;
  return order.rank <= 5 ? `${series}${order.rank + 1}` : `${series}9`;
}

/* ---- From the kin links ------------------------------------------------------------------------------------- */

/** A view of kin links over any kind of person key. */
export type Kin<Person> = {
  sex(person: Person): Sex;
  father(person: Person): Person | null;
  mother(person: Person): Person | null;
  spouse(person: Person): Person | null;
  /** Own children, eldest first; twins in the order of birth. */
  children(person: Person): readonly Person[];
};

/**
 * The code of `member` towards `head` as the kin links tell it, or null when they join the two by no path that
 * GB/T 4761 has a word for.
 */
export function deriveRelation<Person>(member: Person, head: Person, kin: Kin<Person>): string | null {
  if (member === head) return HEAD;
  return downwards(member, head, kin) ?? upwards(member, head, kin) ?? sideways(member, head, kin);
}

/** The spouse, children, grandchildren and on, and those married to them. */
function downwards<Person>(member: Person, head: Person, kin: Kin<Person>): string | null {
  const bySex = (man: string, woman: string) => (kin.sex(member) === '1' ? man : woman);
  const partner = kin.spouse(head);
  if (partner === member) return bySex('11', '12');
  if (isChild(member, head, kin)) return childRelation(kin.sex(member), orderAmongChildren(member, head, kin));
  if (isChild(member, partner, kin)) return bySex('27', '37');

  const ofTheCouple = (person: Person | null) => isChild(person, head, kin) || isChild(person, partner, kin);
  const grandchild = (person: Person | null) => parents(person, kin).some(ofTheCouple);
  const spouse = kin.spouse(member);
  if (ofTheCouple(spouse)) return bySex('28', '38');
  if (ofTheCouple(kin.father(member))) return bySex('41', '42');
  if (ofTheCouple(kin.mother(member))) return bySex('43', '44');
  if (grandchild(spouse)) return bySex('46', '45');
  if (parents(member, kin).some(grandchild)) return bySex('47', '48');
  return null;
}

/** Parents, the parents of the spouse, grandparents and on. */
function upwards<Person>(member: Person, head: Person, kin: Kin<Person>): string | null {
  const bySex = (man: string, woman: string) => (kin.sex(member) === '1' ? man : woman);
  const among = (people: Person[]) => people.includes(member);
  const partner = kin.spouse(head);
  const father = kin.father(head);
  if (among(parents(head, kin))) return bySex('51', '52');
  if (among(parents(partner, kin))) return kin.sex(head) === '2' ? bySex('53', '54') : bySex('55', '56');
  if (parents(head, kin).some((parent) => kin.spouse(parent) === member)) return bySex('57', '58');
  if (among(parents(father, kin))) return bySex('61', '62');
  if (among(parents(kin.mother(head), kin))) return bySex('63', '64');
  if (among(parents(partner, kin).flatMap((parent) => parents(parent, kin)))) return '65';
  if (father !== null && among(parents(kin.father(father), kin))) return bySex('66', '67');
  return null;
}

/** Brothers and sisters, nephews and nieces, uncles, aunts and cousins, and those married to them. */
function sideways<Person>(member: Person, head: Person, kin: Kin<Person>): string | null {
  const bySex = (man: string, woman: string) => (kin.sex(member) === '1' ? man : woman);
  for (const sibling of siblings(head, kin)) {
    const kind = siblingKind(sibling, head, kin);
    if (sibling === member) return SIBLING[kind];
    if (kin.spouse(sibling) === member) return SIBLING_SPOUSE[kind];
    if (isChild(member, sibling, kin)) return kin.sex(sibling) === '1' ? bySex('93', '94') : bySex('95', '96');
  }
  for (const parent of parents(head, kin)) {
    const side = kin.sex(parent) === '1' ? FATHERS_SIDE : MOTHERS_SIDE;
    for (const uncle of siblings(parent, kin)) {
      const kind = siblingKind(uncle, parent, kin);
      if (uncle === member) return side.own[kind];
      if (kin.spouse(uncle) === member) return side.spouse[kind];
      if (isChild(member, uncle, kin)) return side === FATHERS_SIDE && kin.sex(uncle) === '1' ? '91' : '92';
    }
  }
  return null;
}

/** Rank among the parent's children of the same sex, and whether there are any others. */
export function orderAmongChildren<Person>(child: Person, parent: Person, kin: Kin<Person>): ChildOrder {
  const children = kin.children(parent);
  const sameSex = children.filter((other) => kin.sex(other) === kin.sex(child));
  return { rank: sameSex.indexOf(child) + 1, only: children.length === 1 };
}

function isChild<Person>(person: Person | null, parent: Person | null, kin: Kin<Person>): boolean {
  return person !== null && parent !== null && (kin.father(person) === parent || kin.mother(person) === parent);
}

function parents<Person>(person: Person | null, kin: Kin<Person>): Person[] {
  if (person === null) return [];
  return [kin.father(person), kin.mother(person)].filter((parent) => parent !== null);
}

function siblings<Person>(person: Person, kin: Kin<Person>): Person[] {
  const all = new Set(parents(person, kin).flatMap((parent) => kin.children(parent)));
  all.delete(person);
  return [...all];
}

function siblingKind<Person>(sibling: Person, person: Person, kin: Kin<Person>): SiblingKind {
  const common = parents(sibling, kin).find((parent) => isChild(person, parent, kin));
  const children = common === undefined ? [] : kin.children(common);
  return siblingKindOf(kin.sex(sibling), children.indexOf(sibling) < children.indexOf(person));
}

type SiblingKind = 'elder_brother' | 'younger_brother' | 'elder_sister' | 'younger_sister';

function siblingKindOf(sex: Sex, elder: boolean): SiblingKind {
  return sex === '1' ? (elder ? 'elder_brother' : 'younger_brother') : elder ? 'elder_sister' : 'younger_sister';
}

const SIBLING = { elder_brother: '71', younger_brother: '73', elder_sister: '75', younger_sister: '77' };
const SIBLING_SPOUSE = { elder_brother: '72', younger_brother: '74', elder_sister: '76', younger_sister: '78' };
const FATHERS_SIDE = {
  own: { elder_brother: '81', younger_brother: '83', elder_sister: '90', younger_sister: '90' },
  spouse: { elder_brother: '82', younger_brother: '84', elder_sister: '89', younger_sister: '89' },
};
const MOTHERS_SIDE = {
  own: { elder_brother: '85', younger_brother: '85', elder_sister: '88', younger_sister: '88' },
  spouse: { elder_brother: '86', younger_brother: '86', elder_sister: '87', younger_sister: '87' },
};

/* ---- From the old codes ------------------------------------------------------------------------------------- */

export type RederivationFacts = {
  member_sex: Sex;
  old_head_sex: Sex;
  new_head_sex: Sex;
  /** `yyyy-mm-dd`; decide who is the elder sibling. */
  member_birth_on?: string;
  new_head_birth_on?: string;
  /** What the member is to the new head by a kin link; 'none' when the links are known and join the two by none. */
  link?: 'child' | 'parent' | 'spouse' | 'none';
  /** The member, or the person through whom the member belongs, descends from the new head. */
  descends?: boolean;
  /** Needed before a child of the new head can be numbered. */
  child_order?: ChildOrder;
  /** Whether both heads have the same children; a child keeps its rank between spouses unless they are known not to. */
  same_children?: boolean;
};

/**
 * The relation of a member to the new head of household, where it follows with certainty from the relations that
 * both had to the old head; null when the officer must be asked.
 *
 * @param oldRelation code of the member towards the old head (`02` for the old head)
 * @param newHeadOldRelation code of the new head towards the old head
 */
export function rederiveRelation(oldRelation: string, newHeadOldRelation: string, facts: RederivationFacts): string | null {
  const linked = fromLink(oldRelation, newHeadOldRelation, facts);
  if (linked !== undefined) return linked;
  const newHead = classOf(newHeadOldRelation);
  const member = classOf(oldRelation);
  if (newHead === undefined || member === undefined) return null;
  return RULES[newHead]?.[member]?.({ old: oldRelation, newHeadOld: newHeadOldRelation, ...facts }) ?? null;
}

/** A link settles the matter whatever the codes were; undefined when there is none or it is not known. */
function fromLink(oldRelation: string, newHeadOldRelation: string, facts: RederivationFacts): string | null | undefined {
  const bySex = (man: string, woman: string) => (facts.member_sex === '1' ? man : woman);
  switch (facts.link) {
    case 'spouse': return bySex('11', '12');
    case 'parent': return bySex('51', '52');
    case 'child':
      if (facts.child_order) return childRelation(facts.member_sex, facts.child_order);
      return classOf(newHeadOldRelation) === 'spouse' && classOf(oldRelation) === 'child' && facts.same_children !== false ? oldRelation : null;
    default: return undefined;
  }
}

/** Groups of the standard, with the classes split off that the rules must tell apart. */
type RelationClass = RelationGroup | 'step_child' | 'step_parent';

function classOf(code: string): RelationClass | undefined {
  const relation = findRelation(code);
  // 20, 30, 40, … name a class and not a person; nothing certain follows from them, except the spouse (10).
  if (relation === undefined || (!relation.offered && relation.group !== 'spouse')) return undefined;
  if (code === '27' || code === '37') return 'step_child';
  if (code === '57' || code === '58' || code === '59') return 'step_parent';
  return relation.group;
}

type Situation = RederivationFacts & { old: string; newHeadOld: string };
type Rule = (situation: Situation) => string | null;

const bySex = (man: string, woman: string): Rule => ({ member_sex }) => (member_sex === '1' ? man : woman);
/** Looks the old code up; the table says what it becomes for an old head who is a man or a woman. */
const byOldHead = (ofMan: Rule, ofWoman: Rule): Rule => (s) => (s.old_head_sex === '1' ? ofMan(s) : ofWoman(s));
const byCode = (table: Record<string, string>): Rule => ({ old }) => table[old] ?? null;
const byNewHeadCode = (table: Record<string, Rule>): Rule => (s) => table[s.newHeadOld]?.(s) ?? null;

const asChild: Rule = ({ member_sex, child_order }) => (child_order ? childRelation(member_sex, child_order) : null);
const asSibling: Rule = ({ member_sex, member_birth_on, new_head_birth_on }) => {
  if (!member_birth_on || !new_head_birth_on || member_birth_on === new_head_birth_on) return null;
  return SIBLING[siblingKindOf(member_sex, member_birth_on < new_head_birth_on)];
};
const unchangedIfDescending: Rule = ({ old, descends }) => (descends ? old : null);
/** 41, 42 are children of the old head's sons, 43, 44 of the daughters; a new head who is not the parent is the parent's sibling. */
const asNephewUnlessOwn: Rule = ({ old, new_head_sex, member_sex, link }) => {
  const parentSex = old === '41' || old === '42' ? '1' : old === '43' || old === '44' ? '2' : null;
  if (parentSex === null || (parentSex === new_head_sex && link !== 'none')) return null;
  return { 1: { 1: '93', 2: '94' }, 2: { 1: '95', 2: '96' } }[parentSex][member_sex];
};

/** New head's class towards the old head → member's class towards the old head → rule. What is missing is asked. */
const RULES: Partial<Record<RelationClass, Partial<Record<RelationClass, Rule>>>> = {
  spouse: {
    head: bySex('11', '12'),
    child: ({ link, member_sex }) => (link === 'none' ? (member_sex === '1' ? '27' : '37') : null),
    child_in_law: unchangedIfDescending,
    grandchild: unchangedIfDescending,
    grandchild_in_law: unchangedIfDescending,
    great_grandchild: unchangedIfDescending,
    parent: ({ new_head_sex, member_sex }) =>
      new_head_sex === '2' ? (member_sex === '1' ? '53' : '54') : member_sex === '1' ? '55' : '56',
    parent_in_law: bySex('51', '52'),
    grandparent: byCode({ 61: '65', 62: '65', 63: '65', 64: '65' }),
  },
  child: {
    head: bySex('51', '52'),
    spouse: ({ link, member_sex }) => (link === 'none' ? (member_sex === '1' ? '57' : '58') : null),
    child: asSibling,
    grandchild: asNephewUnlessOwn,
    parent: byOldHead(bySex('61', '62'), bySex('63', '64')),
    grandparent: byOldHead(byCode({ 61: '66', 62: '67' }), () => null),
    sibling: byOldHead(byCode({ 71: '81', 73: '83', 75: '90', 77: '90' }), byCode({ 71: '85', 73: '85', 75: '88', 77: '88' })),
    sibling_in_law: byOldHead(byCode({ 72: '82', 74: '84', 76: '89', 78: '89' }), byCode({ 72: '86', 74: '86', 76: '87', 78: '87' })),
    nephew_niece: byOldHead(byCode({ 93: '91', 94: '91', 95: '92', 96: '92' }), byCode({ 93: '92', 94: '92', 95: '92', 96: '92' })),
  },
  step_child: { head: bySex('57', '58') },
  child_in_law: {
    head: ({ new_head_sex, member_sex }) =>
      new_head_sex === '2' ? (member_sex === '1' ? '53' : '54') : member_sex === '1' ? '55' : '56',
  },
  parent: {
    head: asChild,
    spouse: bySex('28', '38'),
    child: byOldHead(bySex('41', '42'), bySex('43', '44')),
    child_in_law: bySex('46', '45'),
    grandchild: byCode({ 41: '47', 42: '48', 43: '47', 44: '48' }),
    grandparent: byNewHeadCode({ 51: byCode({ 61: '51', 62: '52' }), 52: byCode({ 63: '51', 64: '52' }) }),
  },
  step_parent: { head: byNewHeadCode({ 57: bySex('27', '37'), 58: bySex('27', '37') }) },
  parent_in_law: { head: bySex('28', '38'), spouse: asChild },
  grandchild: {
    head: byNewHeadCode({ 41: bySex('61', '62'), 42: bySex('61', '62'), 43: bySex('63', '64'), 44: bySex('63', '64') }),
    child: byNewHeadCode({
      41: ({ member_sex }) => (member_sex === '2' ? '90' : null),
      42: ({ member_sex }) => (member_sex === '2' ? '90' : null),
      43: ({ member_sex }) => (member_sex === '1' ? '85' : null),
      44: ({ member_sex }) => (member_sex === '1' ? '85' : null),
    }),
  },
  sibling: {
    head: asSibling,
    spouse: byNewHeadCode({ 71: bySex('78', '74'), 75: bySex('78', '74'), 73: bySex('76', '72'), 77: bySex('76', '72') }),
    child: byOldHead(bySex('93', '94'), bySex('95', '96')),
  },
};

/* ---- What contradicts what ---------------------------------------------------------------------------------- */

export type HouseholdMember = {
  person_id: string;
  /** Code of GB/T 4761 towards the head; null only in collective households. */
  relation: string | null;
  sex: string;
  /** `yyyy-mm-dd` */
  birth_on: string;
};

export type RelationCode =
  | 'HEAD_MISSING'
  | 'HEAD_SEVERAL'
  | 'RELATION_UNKNOWN'
  | 'RELATION_OF_APPLICANT'
  | 'RELATION_SEX'
  | 'RELATION_GENERATION'
  | 'RELATION_REPEATED'
  | 'RELATION_ONLY_CHILD'
  | 'SPOUSE_SEVERAL'
  | 'COLLECTIVE_RELATION';

/** A warning asks for a look; an error keeps the household from being registered so. */
export type RelationViolation = Text & {
  code: RelationCode;
  severity: 'error' | 'warning';
  /** The member at fault, or null when the household as a whole is. */
  person_id: string | null;
};

/**
 * Contradictions among the present members of one household, all at once (the quality rules on heads, on sex, on
 * generations and on repeated relations read the same). An empty household has none.
 */
export function relationViolations(
  members: readonly HouseholdMember[],
  household: { collective: boolean } = { collective: false },
): RelationViolation[] {
  if (members.length === 0) return [];
  if (household.collective) {
    return members
      .filter(({ relation }) => relation !== null && relation !== NON_RELATIVE)
      .map((member) => violation('COLLECTIVE_RELATION', 'error', member.person_id));
  }
  return [...headViolations(members), ...memberViolations(members), ...repetitions(members)];
}

function headViolations(members: readonly HouseholdMember[]): RelationViolation[] {
  const heads = members.filter(({ relation }) => relation === HEAD);
  if (heads.length === 0) return [violation('HEAD_MISSING', 'error', null)];
  return heads.slice(1).map((head) => violation('HEAD_SEVERAL', 'error', head.person_id));
}

function memberViolations(members: readonly HouseholdMember[]): RelationViolation[] {
  const heads = members.filter(({ relation }) => relation === HEAD);
  const head = heads.length === 1 ? heads[0] : undefined;
  const violations: RelationViolation[] = [];
  for (const member of members) {
    const relation = findRelation(member.relation ?? '');
    if (relation === undefined) {
      violations.push(violation('RELATION_UNKNOWN', 'error', member.person_id));
      continue;
    }
    if (relation.group === 'self') violations.push(violation('RELATION_OF_APPLICANT', 'error', member.person_id));
    if (relation.implied_sex !== null && relation.implied_sex !== member.sex) {
      violations.push(violation('RELATION_SEX', 'error', member.person_id, relation));
    }
    if (head && relation.generation && isInverted(member, head, relation.generation)) {
      violations.push(violation('RELATION_GENERATION', isByBlood(relation) ? 'error' : 'warning', member.person_id, relation));
    }
  }
  return violations;
}

/** An elder generation is born before the head, a younger one after; the same day is possible for neither. */
function isInverted(member: HouseholdMember, head: HouseholdMember, generation: number): boolean {
  return generation > 0 ? member.birth_on >= head.birth_on : member.birth_on <= head.birth_on;
}

/** An uncle may be younger than his nephew, a stepmother than her stepson; a father never than his son. */
function isByBlood(relation: Relation): boolean {
  const group = classOf(relation.code) ?? relation.group;
  return ['child', 'grandchild', 'great_grandchild', 'parent', 'grandparent', 'great_grandparent'].includes(group);
}

function repetitions(members: readonly HouseholdMember[]): RelationViolation[] {
  const violations: RelationViolation[] = [];
  const seen = new Set<string>();
  const children = members.filter(({ relation }) => findRelation(relation ?? '')?.group === 'child');
  for (const { person_id, relation: code } of members) {
    const relation = findRelation(code ?? '');
    if (relation === undefined) continue;
    const key = relation.group === 'spouse' ? 'spouse' : relation.single ? relation.code : null;
    if (key !== null && seen.has(key)) {
      violations.push(violation(key === 'spouse' ? 'SPOUSE_SEVERAL' : 'RELATION_REPEATED', 'error', person_id, relation));
    }
    if (key !== null) seen.add(key);
    if ((relation.code === '21' || relation.code === '31') && children.length > 1) {
      violations.push(violation('RELATION_ONLY_CHILD', 'warning', person_id, relation));
    }
  }
  return violations;
}

function violation(
  code: RelationCode,
  severity: 'error' | 'warning',
  person_id: string | null,
  relation?: Relation,
): RelationViolation {
  const { zh, en } = SENTENCES[code];
  return {
    code, severity, person_id,
    zh: zh.replace('{relation}', relation?.zh ?? ''),
    en: en.replace('{relation}', relation?.en ?? ''),
  };
}

const SENTENCES: Record<RelationCode, Text> = {
  HEAD_MISSING: {
    zh: '家庭户必须有一名户主，请在成员中指定户主。',
    en: 'A family household has a head; choose one of the members.',
  },
  HEAD_SEVERAL: {
    zh: '家庭户只能有一名户主，请保留一名，其余成员改填与户主的关系。',
    en: 'A family household has one head only; keep one and enter the relation of the others to the head.',
  },
  RELATION_UNKNOWN: {
    zh: '与户主关系未填写，或不在GB/T 4761代码表中，请重新选择。',
    en: 'The relation to the head is missing or not in GB/T 4761; choose it again.',
  },
  RELATION_OF_APPLICANT: {
    zh: '“本人”只用于申请表，户成员请填写与户主的关系。',
    en: '“Self” belongs to application forms only; enter the relation of the member to the head.',
  },
  RELATION_SEX: {
    zh: '与户主关系“{relation}”和登记的性别不符，请核对两项并改正写错的一项。',
    en: 'The relation “{relation}” contradicts the registered sex; check both and correct the wrong one.',
  },
  RELATION_GENERATION: {
    zh: '与户主关系“{relation}”和两人的出生日期不符，请核对关系和出生日期。',
    en: 'The relation “{relation}” contradicts the birth dates of the two; check the relation and the dates.',
  },
  RELATION_REPEATED: {
    zh: '户内已有一人登记为“{relation}”，请核对并改正其中一人的关系。',
    en: 'Another member is already the head’s {relation}; check and correct one of the two.',
  },
  RELATION_ONLY_CHILD: {
    zh: '登记为“{relation}”，但户内还有户主的其他子女，请核对排行。',
    en: 'Registered as {relation}, yet the household has other children of the head; check the order of the children.',
  },
  SPOUSE_SEVERAL: {
    zh: '户内有两名以上成员登记为户主的配偶，请核对婚姻状况并改正。',
    en: 'Several members are registered as spouse of the head; check the marriages and correct them.',
  },
  COLLECTIVE_RELATION: {
    zh: '集体户成员与户主关系只能填“非亲属”或不填，请改正。',
    en: 'Members of a collective household are “not a relative” or have no relation; correct it.',
  },
};
