/**
 * Relations in a household of which the citizen is to be head. What the present entry tells for certain comes
 * from the reference rules; where it leaves something open (whose wife, whose child), an only possibility is
 * offered as a beginning. The citizen checks each, and the police side decides.
 */
import { codeOptions, relationHead, relationList } from '../catalogue/index.ts';
import { childRelation, findRelation, parseIdNumber, rederiveRelation, type RelationGroup, type Sex } from '../reference/index.ts';
import type { Household } from './record.ts';

type Member = Household['members'][number];

export const sexOf = (id_number: string): Sex | undefined => parseIdNumber(id_number)?.sex;
const groupOf = (member: Member): RelationGroup | undefined => findRelation(member.relation)?.group;

/** The relation of a member to the citizen as head; empty where it must be asked. */
export function likelyRelation(member: Member, members: readonly Member[]): string {
  const self = members.find(({ is_self }) => is_self);
  const head = members.find(({ relation }) => relation === relationHead);
  if (member.is_self) return relationHead;
  if (self === undefined || head === undefined) return '';
  if (self === head) return offered(member.relation);
  return offered(certainRelation(member, self, head) ?? onlyPossibility(member, self, members) ?? '');
}

function certainRelation(member: Member, self: Member, head: Member): string | null {
  const [member_sex, new_head_sex, old_head_sex] = [sexOf(member.id_number), sexOf(self.id_number), sexOf(head.id_number)];
  if (member_sex === undefined || new_head_sex === undefined || old_head_sex === undefined) return null;
  return rederiveRelation(member.relation, self.relation, { member_sex, old_head_sex, new_head_sex, member_birth_on: member.birth_on, new_head_birth_on: self.birth_on });
}

/** Children of the head and his wife are hers; where there is one couple of the young generation, it and its children belong together. */
function onlyPossibility(member: Member, self: Member, members: readonly Member[]): string | null {
  if (groupOf(self) === 'spouse') return groupOf(member) === 'child' ? member.relation : null;
  const couple = members.filter((one) => ['child', 'child_in_law'].includes(groupOf(one) ?? ''));
  const isCouple = couple.length <= 2 && couple.filter((one) => groupOf(one) === 'child').length <= 1 && couple.includes(self);
  const sex = sexOf(member.id_number);
  if (!isCouple || sex === undefined) return null;
  if (couple.includes(member)) return sex === sexOf(self.id_number) ? null : sex === '1' ? '11' : '12';
  if (groupOf(member) !== 'grandchild') return null;
  const children = members.filter((one) => groupOf(one) === 'grandchild').sort((a, b) => (a.birth_on < b.birth_on ? -1 : 1));
  const sameSex = children.filter((one) => sexOf(one.id_number) === sex);
  return childRelation(sex, { rank: sameSex.indexOf(member) + 1, only: children.length === 1 });
}

/** Only words that new entries use. */
function offered(code: string): string {
  return codeOptions(relationList).some(({ value }) => value === code) ? code : '';
}
