/** What a move does to the households it touches, from the facts of its case: who goes where, who follows as head. */
import { deriveRelation, rederiveRelation, type Kin } from '../reference/index.ts';
import { headRelation, type HouseholdFacts, type KinFacts, type MemberFacts, type OriginChange, type TransferPlan } from '../population/index.ts';
import type { CaseFacts } from './facts.ts';
import { remainingMembers, successorOf } from './rules.ts';

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
  return [...new Set(links.filter((link) => link.relative_id === person && link.kind !== 'spouse').map((link) => link.person_id))];
}

/** 其他儿子, 其他女儿: a child whose rank is not known, because brothers or sisters are registered elsewhere. */
const childWithoutRank = { 1: '29', 2: '39' } as const;

/** The relations of those who stay to the head who follows. */
export function relationsAfter(household: HouseholdFacts, remaining: readonly MemberFacts[], head: MemberFacts, links: readonly KinFacts[]): { person_id: string; relation: string }[] {
  const oldHead = household.members.find((member) => member.relation === headRelation);
  const kin = kinOf(household.members, links);
  const children = childrenOf(head.person_id, links);
  const allAtHome = children.every((child) => household.members.some((member) => member.person_id === child));
  return remaining.map((member) => {
    const isChild = children.includes(member.person_id);
    const derived = isChild && !allAtHome ? null : deriveRelation(member.person_id, head.person_id, kin);
    const relation = derived ?? rederiveRelation(member.relation, head.relation, {
      member_sex: member.sex, old_head_sex: oldHead?.sex ?? '1', new_head_sex: head.sex, member_birth_on: member.birth_on, new_head_birth_on: head.birth_on, ...(isChild ? { link: 'child' as const } : {}),
    });
    return { person_id: member.person_id, relation: relation ?? (isChild ? childWithoutRank[member.sex] : noRelatives.has(member.relation) ? member.relation : otherRelative) };
  });
}

/** The plan of a move; the register's gate checks every part of it again. */
export function transferOf(facts: CaseFacts): TransferPlan {
  const { file } = facts;
  const origin_changes = facts.origins.flatMap((household): OriginChange[] => {
    const remaining = remainingMembers(household, facts);
    if (household.household_type !== '1' || remaining.length === 0 || remaining.some((member) => member.relation === headRelation)) return [];
    const head = successorOf(household, facts);
    return head === undefined ? [] : [{ household_id: household.household_id, new_head_id: head.person_id, relations: relationsAfter(household, remaining, head, facts.kin) }];
  });
  const joins = file.answers['household_choice'] === 'join' && facts.target_household !== null;
  // Who settles alone or first is the head of the new household; a declared head stands.
  const declared = facts.movers.map((mover) => ({ person_id: mover.person_id!, relation: mover.relation }));
  const movers = joins || declared.some((mover) => mover.relation === headRelation) ? declared : declared.map((mover, at) => (at === 0 ? { ...mover, relation: headRelation } : mover));
  return {
    movers,
    target: joins
      ? { household_id: facts.target_household!.household_id }
      : { new_household: { address_id: file.target_address_id!, station_code: file.target_org, household_type: '1' } },
    origin_changes,
  };
}
