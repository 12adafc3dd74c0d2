/**
 * GB/T 4761-2008, relation to the head of household, two-digit codes: "the member is the head's …".
 * The attributes are what the rules in `relations.ts` read: implied sex, generation (parents of the head are +1), group.
 */
import type { Text } from '../../kernel/refusal.ts';
import type { Sex } from './id-number.ts';

export type RelationGroup =
  | 'self'
  | 'head'
  | 'spouse'
  | 'child'
  | 'child_in_law'
  | 'grandchild'
  | 'grandchild_in_law'
  | 'great_grandchild'
  | 'parent'
  | 'parent_in_law'
  | 'grandparent'
  | 'grandparent_in_law'
  | 'great_grandparent'
  | 'sibling'
  | 'sibling_in_law'
  | 'other'
  | 'uncle_aunt'
  | 'cousin'
  | 'nephew_niece'
  | 'non_relative';

export type Relation = Text & {
  code: string;
  /** The sex that the word itself implies, or null. */
  implied_sex: Sex | null;
  /** Distance from the head: +1 parents, -1 children; null where the word says nothing. */
  generation: number | null;
  group: RelationGroup;
  /** At most one member of a household can be this to its head (the spouse is counted by group). */
  single: boolean;
  /** Offered for new entries; class codes (20 son, 30 daughter, …) and 01 come only from old registers. */
  offered: boolean;
};

export const HEAD = '02';
export const NON_RELATIVE = '99';

const ROWS: ReadonlyArray<readonly [string, string, string, Sex | null, number | null, RelationGroup]> = [
  ['01', '本人', 'self', null, 0, 'self'],
  ['02', '户主', 'head of household', null, 0, 'head'],
  ['10', '配偶', 'spouse', null, 0, 'spouse'],
  ['11', '夫', 'husband', '1', 0, 'spouse'],
  ['12', '妻', 'wife', '2', 0, 'spouse'],
  ['20', '子', 'son', '1', -1, 'child'],
  ['21', '独生子', 'only son', '1', -1, 'child'],
  ['22', '长子', 'eldest son', '1', -1, 'child'],
  ['23', '次子', 'second son', '1', -1, 'child'],
  ['24', '三子', 'third son', '1', -1, 'child'],
  ['25', '四子', 'fourth son', '1', -1, 'child'],
  ['26', '五子', 'fifth son', '1', -1, 'child'],
  ['27', '养子或继子', 'adopted or step son', '1', -1, 'child'],
  ['28', '女婿', 'son-in-law', '1', -1, 'child_in_law'],
  ['29', '其他儿子', 'other son', '1', -1, 'child'],
  ['30', '女', 'daughter', '2', -1, 'child'],
  ['31', '独生女', 'only daughter', '2', -1, 'child'],
  ['32', '长女', 'eldest daughter', '2', -1, 'child'],
  ['33', '次女', 'second daughter', '2', -1, 'child'],
  ['34', '三女', 'third daughter', '2', -1, 'child'],
  ['35', '四女', 'fourth daughter', '2', -1, 'child'],
  ['36', '五女', 'fifth daughter', '2', -1, 'child'],
  ['37', '养女或继女', 'adopted or step daughter', '2', -1, 'child'],
  ['38', '儿媳', 'daughter-in-law', '2', -1, 'child_in_law'],
  ['39', '其他女儿', 'other daughter', '2', -1, 'child'],
  ['40', '孙子、孙女或外孙子、外孙女', 'grandchild', null, -2, 'grandchild'],
  ['41', '孙子', 'son\'s son', '1', -2, 'grandchild'],
  ['42', '孙女', 'son\'s daughter', '2', -2, 'grandchild'],
  ['43', '外孙子', 'daughter\'s son', '1', -2, 'grandchild'],
  ['44', '外孙女', 'daughter\'s daughter', '2', -2, 'grandchild'],
  ['45', '孙媳妇或外孙媳妇', 'grandson\'s wife', '2', -2, 'grandchild_in_law'],
  ['46', '孙女婿或外孙女婿', 'granddaughter\'s husband', '1', -2, 'grandchild_in_law'],
  ['47', '曾孙子或外曾孙子', 'great-grandson', '1', -3, 'great_grandchild'],
  ['48', '曾孙女或外曾孙女', 'great-granddaughter', '2', -3, 'great_grandchild'],
  ['49', '其他孙子、孙女或外孙子、外孙女', 'other grandchild', null, -2, 'grandchild'],
  ['50', '父母', 'parent', null, 1, 'parent'],
  ['51', '父亲', 'father', '1', 1, 'parent'],
  ['52', '母亲', 'mother', '2', 1, 'parent'],
  ['53', '公公', 'husband\'s father', '1', 1, 'parent_in_law'],
  ['54', '婆婆', 'husband\'s mother', '2', 1, 'parent_in_law'],
  ['55', '岳父', 'wife\'s father', '1', 1, 'parent_in_law'],
  ['56', '岳母', 'wife\'s mother', '2', 1, 'parent_in_law'],
  ['57', '继父或养父', 'step or adoptive father', '1', 1, 'parent'],
  ['58', '继母或养母', 'step or adoptive mother', '2', 1, 'parent'],
  ['59', '其他父母关系', 'other parental relation', null, 1, 'parent'],
  ['60', '祖父母或外祖父母', 'grandparent', null, 2, 'grandparent'],
  ['61', '祖父', 'father\'s father', '1', 2, 'grandparent'],
  ['62', '祖母', 'father\'s mother', '2', 2, 'grandparent'],
  ['63', '外祖父', 'mother\'s father', '1', 2, 'grandparent'],
  ['64', '外祖母', 'mother\'s mother', '2', 2, 'grandparent'],
  ['65', '配偶的祖父母或外祖父母', 'spouse\'s grandparent', null, 2, 'grandparent_in_law'],
  ['66', '曾祖父', 'great-grandfather', '1', 3, 'great_grandparent'],
  ['67', '曾祖母', 'great-grandmother', '2', 3, 'great_grandparent'],
  ['68', '配偶的曾祖父母或外曾祖父母', 'spouse\'s great-grandparent', null, 3, 'great_grandparent'],
  ['69', '其他祖父母或外祖父母', 'other grandparent', null, 2, 'grandparent'],
  ['70', '兄、弟、姐、妹', 'sibling', null, 0, 'sibling'],
  ['71', '兄', 'elder brother', '1', 0, 'sibling'],
  ['72', '嫂', 'elder brother\'s wife', '2', 0, 'sibling_in_law'],
  ['73', '弟', 'younger brother', '1', 0, 'sibling'],
  ['74', '弟媳', 'younger brother\'s wife', '2', 0, 'sibling_in_law'],
  ['75', '姐姐', 'elder sister', '2', 0, 'sibling'],
  ['76', '姐夫', 'elder sister\'s husband', '1', 0, 'sibling_in_law'],
  ['77', '妹妹', 'younger sister', '2', 0, 'sibling'],
  ['78', '妹夫', 'younger sister\'s husband', '1', 0, 'sibling_in_law'],
  ['79', '其他兄弟姐妹', 'other sibling', null, 0, 'sibling'],
  ['80', '其他', 'other', null, null, 'other'],
  ['81', '伯父', 'father\'s elder brother', '1', 1, 'uncle_aunt'],
  ['82', '伯母', 'wife of 81', '2', 1, 'uncle_aunt'],
  ['83', '叔父', 'father\'s younger brother', '1', 1, 'uncle_aunt'],
  ['84', '婶母', 'wife of 83', '2', 1, 'uncle_aunt'],
  ['85', '舅父', 'mother\'s brother', '1', 1, 'uncle_aunt'],
  ['86', '舅母', 'wife of 85', '2', 1, 'uncle_aunt'],
  ['87', '姨父', 'husband of 88', '1', 1, 'uncle_aunt'],
  ['88', '姨母', 'mother\'s sister', '2', 1, 'uncle_aunt'],
  ['89', '姑父', 'husband of 90', '1', 1, 'uncle_aunt'],
  ['90', '姑母', 'father\'s sister', '2', 1, 'uncle_aunt'],
  ['91', '堂兄弟、堂姐妹', 'paternal cousin', null, 0, 'cousin'],
  ['92', '表兄弟、表姐妹', 'maternal/cross cousin', null, 0, 'cousin'],
  ['93', '侄子', 'brother\'s son', '1', -1, 'nephew_niece'],
  ['94', '侄女', 'brother\'s daughter', '2', -1, 'nephew_niece'],
  ['95', '外甥', 'sister\'s son', '1', -1, 'nephew_niece'],
  ['96', '外甥女', 'sister\'s daughter', '2', -1, 'nephew_niece'],
  ['97', '其他亲属', 'other relative', null, null, 'other'],
  ['99', '非亲属', 'not a relative', null, null, 'non_relative'],
];

/** Words for one person: an only child, the eldest to fifth of a sex, own parents, parents-in-law, grandparents. */
const SINGLE = new Set('21 22 23 24 25 26 31 32 33 34 35 36 51 52 53 54 55 56 61 62 63 64'.split(' '));
const ONLY_IN_OLD_REGISTERS = new Set('01 10 20 30 40 50 60 70 80'.split(' '));

/** The whole table in the order of the standard. */
export const relations: readonly Relation[] = ROWS.map(([code, zh, en, implied_sex, generation, group]) => ({
  code, zh, en, implied_sex, generation, group, single: SINGLE.has(code), offered: !ONLY_IN_OLD_REGISTERS.has(code),
}));

const byCode = new Map(relations.map((relation) => [relation.code, relation]));

/** The attributes of a code, or undefined when GB/T 4761 has no such code. */
export function findRelation(code: string): Relation | undefined {
  return byCode.get(code);
}
