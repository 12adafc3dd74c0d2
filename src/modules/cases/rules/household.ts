/** Households: heads, relations, splits and merges, collective households. */
import { conditions } from '../../catalogue/index.ts';
import { relationViolations, type HouseholdMember } from '../../reference/index.ts';
import { familyHousehold, headRelation, type HouseholdFacts } from '../../population/index.ts';
import type { CaseFacts } from '../facts.ts';
import { answerOf, isAdult, isProved, namesOf, workRules, type Rules } from './rule.ts';

/** Who becomes head by this case: declared so among the members, else named as such. */
export function newHeadOf(facts: CaseFacts): { person_id: string | null; name: string; birth_on: string | null } | null {
  const declared = facts.movers.find((mover) => mover.relation === headRelation) ?? facts.parts.new_head;
  return declared === undefined ? null : { person_id: declared.person_id, name: declared.name, birth_on: declared.person?.birth_on ?? null };
}

/** What the declared relations contradict, when a household is formed of these people. */
function relationFaults(facts: CaseFacts): string[] {
  const declared = facts.movers.flatMap((mover): HouseholdMember[] => (mover.person === null || mover.relation === '' ? []
    : [{ person_id: mover.person.person_id, relation: mover.relation, sex: mover.person.sex, birth_on: mover.person.birth_on }]));
  const hosts = facts.target_household?.members ?? [];
  return relationViolations([...hosts.filter((host) => !declared.some((one) => one.person_id === host.person_id)), ...declared]).filter((one) => one.severity === 'error').map((one) => `${facts.movers.find((mover) => mover.person_id === one.person_id)?.name ?? ''}${one.zh}`);
}

const families = (households: readonly HouseholdFacts[]) => households.filter((household) => household.household_type === familyHousehold && household.status === 'active' && household.members.length > 0);

export const householdRules = {
  household_has_one_head: {
    label: { zh: '户内有且只有一名户主', en: 'The household has exactly one head' }, law: workRules('第十五条', 'art. 15'),
    check: (facts) => {
      const wrong = families([...facts.origins, ...(facts.target_household === null ? [] : [facts.target_household])]).find((household) => household.members.filter((member) => member.relation === headRelation).length !== 1);
      return wrong === undefined ? null : { zh: `户 ${wrong.household_no} 的户主登记有误,须由上级核实后处理。`, en: `The head of household ${wrong.household_no} is registered wrongly; the level above settles it.` };
    },
  },
  new_head_is_adult_member: {
    label: { zh: '新户主为户内成年完全行为能力人', en: 'The new head is an adult member with full capacity' }, law: workRules('第十五条', 'art. 15'),
    check: (facts) => {
      const head = newHeadOf(facts);
      if (head === null) return { zh: '没有写明户主,请指定一名成年成员为户主。', en: 'No head is named; name an adult member.' };
      if (head.person_id === null || head.birth_on === null) return { zh: `户籍中没有姓名与号码相符的新户主:${head.name}。请核对后补正。`, en: `The new head ${head.name} is not in the register by that name and number; check and correct.` };
      const isMember = facts.movers.some((mover) => mover.person_id === head.person_id) || facts.origins.some((household) => household.members.some((member) => member.person_id === head.person_id));
      if (!isMember) return { zh: `新户主 ${head.name} 不是本户成员,请指定户内成员。`, en: `The new head ${head.name} is no member of the household; name a member.` };
      const members = facts.origins.flatMap((household) => household.members);
      // Where only minors remain one of them is head on record; their guardian is another rule's matter.
      return isAdult({ birth_on: head.birth_on }, facts) || !members.some((member) => isAdult(member, facts)) ? null : { zh: `新户主 ${head.name} 未成年,请指定成年人。`, en: `The new head ${head.name} is a minor; name an adult.` };
    },
  },
  split_is_grounded: {
    label: { zh: '分户依据成立', en: 'The split has a ground' }, law: workRules('第十六条', 'art. 16'),
    check: (facts) => {
      const homes = new Set(facts.movers.map((mover) => mover.person?.household_id));
      if (homes.size > 1) return { zh: '分出的人员不在同一户,请分别申请。', en: 'Those who split off are not of one household; apply separately.' };
      const [home] = facts.origins;
      if (home !== undefined && facts.movers.length >= home.members.length) return { zh: '全户人员都分出,不构成分户;请按变更地址或迁移办理。', en: 'Everybody would leave, which is no split; change the address or move instead.' };
      return isProved(facts, ['M21', 'M24', 'M26', 'M39', 'M61'], { commitment: true }) ? null : { zh: '没有分户依据(房屋产权、租赁、婚姻或家庭协议),请告知补正。', en: 'No ground of the split is shown (title, lease, marriage or agreement); ask for it.' };
    },
  },
  merge_is_grounded: {
    label: { zh: '并户条件成立', en: 'The merger has a ground' }, law: workRules('第十六条', 'art. 16'),
    check: (facts) => {
      const [from] = facts.origins;
      const into = facts.target_household;
      if (from === undefined || into === null) return { zh: '没有找到要合并的户,请核对两户户主的姓名和号码。', en: 'The households to be merged were not found; check the names and numbers of both heads.' };
      if (from.household_id === into.household_id) return { zh: '两位户主在同一户,不需并户。', en: 'Both are in one household; there is nothing to merge.' };
      const [one, other] = [new Set(from.members.map((member) => member.person_id)), new Set(into.members.map((member) => member.person_id))];
      const related = facts.kin.some((link) => (one.has(link.person_id) && other.has(link.relative_id)) || (other.has(link.person_id) && one.has(link.relative_id)));
      return from.address_id === into.address_id || related ? null : { zh: '两户不在同一地址,户籍中也没有亲属关系,不能并户。', en: 'The households share neither address nor kinship and cannot be merged.' };
    },
  },
  relations_are_complete: {
    label: { zh: '户内关系完整', en: 'The relations are complete' }, law: { zh: 'GB/T 4761-2008', en: 'GB/T 4761-2008' },
    check: (facts) => {
      const faults = relationFaults(facts);
      return faults.length === 0 ? null : { zh: `户内关系有矛盾:${faults.join('')}`, en: 'The declared relations contradict one another; correct them in the list of members.' };
    },
  },
  collective_is_empty: {
    label: { zh: '撤销集体户前人员已迁出', en: 'The collective household is empty' }, law: workRules('第十七条', 'art. 17'),
    check: (facts) => {
      if (answerOf(facts, 'collective_action') !== 'dissolve') return null;
      const household = facts.target_household;
      const count = facts.records.find((one) => one.household_id === household?.household_id)?.member_count ?? 0;
      return count === 0 ? null : { zh: `集体户内尚有 ${count} 人,请先为全部成员办理迁出。`, en: `${count} people are still registered there; let all of them move out first.` };
    },
  },
  unit_is_registered: {
    label: { zh: '设立单位合法且有协管员', en: 'The unit is lawful and has a manager' }, law: workRules('第十七条', 'art. 17'),
    check: (facts) => {
      if (answerOf(facts, 'collective_action') === 'dissolve') return null;
      const manager = facts.parts.manager;
      if (manager !== undefined && manager.person === null) return { zh: `户籍中没有姓名与号码相符的协管员:${manager.name}。请核对后补正。`, en: `The manager ${manager.name} is not in the register by that name and number; check and correct.` };
      return isProved(facts, ['M62']) ? null : { zh: '没有单位证照,也未经市场监管、编制部门核实,请告知补正。', en: 'Neither the unit’s licence nor the organisation register shows it; ask for the licence.' };
    },
  },
  dwelling_was_transferred: {
    label: { zh: '房屋已转让并已告知原登记人员', en: 'The dwelling was sold and its former residents were told' }, law: workRules('第四十六条', 'art. 46'),
    check: (facts) => {
      if (!conditions.dwelling_was_sold(facts.file.answers)) return null;
      if (!isProved(facts, ['M24'])) return { zh: '没有房屋转让后的不动产权证,请告知补正。', en: 'The new title is missing; ask for it.' };
      return isProved(facts, ['M59']) ? null : { zh: `尚未书面告知原登记人员(${namesOf(facts.movers)}),请先告知并归档。`, en: `The former residents (${namesOf(facts.movers)}) were not told in writing; do so and file it.` };
    },
  },
} satisfies Rules;

