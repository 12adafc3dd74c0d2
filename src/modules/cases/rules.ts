/**
 * Preconditions: is this lawful? Pure functions over the facts of a case; the article stands beside each.
 * A rule answers null when it is met, else what was found and how to mend it.
 */
import { ageOn, legalDay } from '../../kernel/clock.ts';
import type { Text } from '../../kernel/operation.ts';
import { scopeBetween } from '../reference/index.ts';
import type { Precondition, PreconditionRule, Service } from '../catalogue/index.ts';
import { headRelation, personStatus, type HouseholdFacts, type KinFacts, type MemberFacts } from '../population/index.ts';
import type { CaseFacts } from './facts.ts';

export interface Check {
  rule: PreconditionRule;
  label: Text;
  law: Text;
  on_fail: Precondition['on_fail'];
  passed: boolean;
  finding: Text | null;
}

interface Rule {
  label: Text;
  law: Text;
  check: (facts: CaseFacts, service: Service) => Text | null;
}

const workRules = (zh: string, en: string): Text => ({ zh: `公通字〔2021〕12号${zh}`, en: `2021 work rules, ${en}` });
const adultAge = 18;

function namesOf(people: readonly { name: string }[]): string {
  return people.map((person) => person.name).join('、');
}

/** Those who stay in a household when the movers have gone. */
export function remainingMembers(household: HouseholdFacts, facts: Pick<CaseFacts, 'movers'>): MemberFacts[] {
  const leaving = new Set(facts.movers.map((mover) => mover.person_id));
  return household.members.filter((member) => !leaving.has(member.person_id));
}

function parentsOf(person_id: string, kin: readonly KinFacts[]): string[] {
  return kin.filter((link) => link.person_id === person_id && link.kind !== 'spouse').map((link) => link.relative_id);
}

const adult = (person: { birth_on: string }, today: string): boolean => ageOn(person.birth_on, today) >= adultAge;

/** The head who is to follow where a head leaves and others stay, by household. */
export function successorOf(household: HouseholdFacts, facts: CaseFacts): MemberFacts | undefined {
  const wanted = facts.file.answers['new_head_id_number'];
  return remainingMembers(household, facts).find((member) => member.id_number === wanted);
}

const collectiveRelation = '99';
const isCollective = (household: HouseholdFacts | null): boolean => household !== null && household.household_type !== '1';

const moveConflicts = new Set(['move', 'cancel', 'death', 'restore', 'household']);

export const rules: Partial<Record<PreconditionRule, Rule>> = {
  identity_is_proved: {
    label: { zh: '申请人身份已核实', en: 'The applicant’s identity is proved' }, law: { zh: '《居民身份证法》第十四条', en: 'Resident Identity Card Law, art. 14' },
    check: ({ file, applicant }, service) => {
      if (file.channel === 'online' && file.applicant_identity_level < service.identity_level_min) {
        return { zh: `实名等级为 ${file.applicant_identity_level},需要 ${service.identity_level_min} 级(实名并实人)。请申请人重新登录认证。`, en: `Identity level is ${file.applicant_identity_level}; ${service.identity_level_min} (real name and live portrait) is needed. The applicant should sign in again.` };
      }
      if (applicant === null || applicant.name !== file.applicant_name) return { zh: '申请人姓名与公民身份号码在户籍中不相符,请核对证件。', en: 'The applicant’s name and number do not match the register; check the card.' };
      return null;
    },
  },
  applicant_is_entitled: {
    label: { zh: '申请人具有申请资格', en: 'The applicant is entitled' }, law: workRules('第三十九条', 'art. 39'),
    check: ({ file, applicant, movers, origins, kin, target_household }) => {
      if (file.channel === 'ex_officio') return null;
      if (applicant === null) return { zh: '户籍中没有找到申请人,不能代他人申请。', en: 'The applicant is not in the register and may not apply for others.' };
      const isMover = movers.some((mover) => mover.person_id === applicant.person_id);
      const isHead = [...origins, ...(target_household === null ? [] : [target_household])].some((household) => household.members.some((member) => member.person_id === applicant.person_id && member.relation === headRelation));
      const isParentOfAll = movers.every((mover) => mover.person_id !== null && (mover.person_id === applicant.person_id || parentsOf(mover.person_id, kin).includes(applicant.person_id)));
      return isMover || isHead || isParentOfAll ? null : { zh: '申请人须为本人、户主或监护人。', en: 'The applicant must be the person, the head of the household or a guardian.' };
    },
  },
  registration_is_active: {
    label: { zh: '当事人户口状态正常', en: 'The registrations are active' }, law: workRules('第三十九条', 'art. 39'),
    check: ({ movers }) => {
      const unknown = movers.filter((mover) => mover.person === null);
      if (unknown.length > 0) return { zh: `户籍中没有姓名与号码相符的:${namesOf(unknown)}。请核对后补正。`, en: `No registered person matches name and number: ${namesOf(unknown)}. Check and correct.` };
      const mismatched = movers.filter((mover) => mover.person!.name !== mover.name);
      if (mismatched.length > 0) return { zh: `姓名与公民身份号码不相符:${namesOf(mismatched)}。请核对后补正。`, en: `Name and number do not belong together: ${namesOf(mismatched)}. Check and correct.` };
      const dead = movers.filter((mover) => mover.person!.status === personStatus.dead);
      if (dead.length > 0) return { zh: `已登记死亡:${namesOf(dead)}。`, en: `Registered as deceased: ${namesOf(dead)}.` };
      const inactive = movers.filter((mover) => mover.person!.status !== personStatus.active && mover.person!.status !== personStatus.in_transit);
      return inactive.length === 0 ? null : { zh: `户口不在正常状态:${namesOf(inactive)}。`, en: `The registration is not active: ${namesOf(inactive)}.` };
    },
  },
  no_conflicting_case: {
    label: { zh: '没有冲突的在办业务', en: 'No conflicting case is open' }, law: workRules('第三十九条', 'art. 39'),
    check: ({ file, movers, offices }) => {
      const [first] = movers.flatMap((mover) => (mover.person?.leases ?? []).filter((lease) => lease.case_id !== file.case_id && moveConflicts.has(lease.kind)).map((lease) => ({ name: mover.name, lease })));
      if (first === undefined) return null;
      const { lease, name } = first;
      const office = offices.get(lease.org_code) ?? lease.org_code;
      const until = legalDay(new Date(lease.expires_at));
      return {
        zh: `${name} 正在办理另一业务(${lease.case_no ?? '—'}),由${office} ${lease.holder_name}经办,电话 ${lease.holder_phone ?? '—'},占用至 ${until}。该业务办结或撤回后再受理。`,
        en: `${name} is in another case (${lease.case_no ?? '—'}) held by ${lease.holder_name} (${office}), phone ${lease.holder_phone ?? '—'}, until ${until}. Accept this one when that is closed or withdrawn.`,
      };
    },
  },
  no_open_alteration: {
    label: { zh: '没有在办的主项变更更正', en: 'No main item is being altered' }, law: workRules('第四十八条', 'art. 48'),
    check: ({ file, movers }) => {
      const altered = movers.filter((mover) => mover.person?.leases.some((lease) => lease.kind === 'identity' && lease.case_id !== file.case_id));
      return altered.length === 0 ? null : { zh: `正在变更更正姓名、出生日期或号码:${namesOf(altered)}。请等其办结,或由申请人先撤回变更。`, en: `Name, birth date or number is being altered: ${namesOf(altered)}. Wait until that ends or have it withdrawn.` };
    },
  },
  no_move_in_transit: {
    label: { zh: '没有迁移在途', en: 'No move is in transit' }, law: { zh: '《户口登记条例》第十条', en: 'Household Registration Regulations, art. 10' },
    check: ({ movers }) => {
      const moving = movers.filter((mover) => mover.person?.status === personStatus.in_transit);
      return moving.length === 0 ? null : { zh: `已迁出尚未落户:${namesOf(moving)}。请持迁移证件先办理落户或回迁。`, en: `Moved out and not yet settled: ${namesOf(moving)}. Settle or return with the migration certificate first.` };
    },
  },
  no_lawful_hold: {
    label: { zh: '没有依法冻结(凭文书)', en: 'No lawful hold by a document' }, law: { zh: '凭法院、办案机关法律文书', en: 'By a legal document of a court or investigating organ' },
    check: ({ movers, holds }) => {
      const hold = holds.find((one) => movers.some((mover) => mover.person_id === one.person_id));
      const held = movers.find((mover) => mover.person_id === hold?.person_id);
      if (hold === undefined || held === undefined) return null;
      const until = legalDay(new Date(hold.until_at.getTime() - 1));
      return { zh: `${held.name} 有依法冻结,文书 ${hold.document_no},至 ${until}。须由上级决定。`, en: `${held.name} is under a lawful hold, document ${hold.document_no}, until ${until}. The level above decides.` };
    },
  },
  address_is_standard_and_ours: {
    label: { zh: '迁入地址为本所标准地址', en: 'The address is a standard address of this station' }, law: workRules('第十四条', 'art. 14'),
    check: ({ file, today, address, offices }) => {
      // A renumbered address keeps its id and stays in force; one that was given up does not.
      if (address === null || (address.valid_to !== null && address.valid_to <= today)) return { zh: '迁入地址不在标准地址库,请申请人重新选择到门牌。', en: 'Not a standard address; the applicant should choose again down to the door.' };
      return address.station_code === file.target_org ? null : { zh: `地址属其他派出所(${offices.get(address.station_code) ?? address.station_code}),请转办。`, en: `The address belongs to another station (${offices.get(address.station_code) ?? address.station_code}); transfer the case.` };
    },
  },
  dwelling_is_lawful: {
    label: { zh: '合法稳定住所成立', en: 'The dwelling is lawful and stable' }, law: workRules('第四十条', 'art. 40'),
    check: ({ file, materials }) => {
      const basis = file.answers['housing_basis'];
      const proof = basis === 'owned' ? ['M24'] : basis === 'public_rent' || basis === 'private_rent_filed' ? ['M26'] : ['M27'];
      const settled = materials.some((material) => proof.includes(material.code) && material.state !== 'missing' && material.state !== 'optional');
      return settled ? null : { zh: '没有能证明合法稳定住所的材料,请告知补正。', en: 'Nothing proves the dwelling; ask for it in the correction notice.' };
    },
  },
  target_household_is_active_and_consents: {
    label: { zh: '迁入户正常且户主同意', en: 'The receiving household is active and its head consents' }, law: workRules('第四十一条', 'art. 41'),
    check: ({ file, target_household, address, applicant, materials }) => {
      if (file.answers['household_choice'] !== 'join') return null;
      if (target_household === null) return { zh: '此地址没有该户主的户,请核对户主姓名、号码和地址。', en: 'There is no household of that head at this address; check name, number and address.' };
      if (target_household.status !== 'active') return { zh: '迁入户已注销。', en: 'The receiving household is closed.' };
      if (address !== null && target_household.address_id !== address.address_id) return { zh: '迁入户的地址与申报的地址不一致。', en: 'The receiving household is at another address.' };
      const head = target_household.members.find((member) => member.relation === headRelation);
      if (!isCollective(target_household) && head?.id_number !== file.answers['target_head_id_number']) return { zh: '所填的人不是迁入户的户主,请核对户主姓名和号码。', en: 'The person named is not the head of the receiving household; check name and number.' };
      const consents = (applicant !== null && head?.person_id === applicant.person_id) || materials.some((material) => material.code === 'M27' && ['provided', 'commitment'].includes(material.state));
      return consents || isCollective(target_household) ? null : { zh: '缺少迁入户户主(产权人)同意落户的材料。', en: 'The consent of the head or owner is missing.' };
    },
  },
  dwelling_is_free: {
    label: { zh: '迁入地址没有其他在册户', en: 'No other household is registered at the address' }, law: workRules('第四十六条', 'art. 46'),
    check: ({ dwelling }) => {
      const [first] = dwelling;
      if (first === undefined) return null;
      const people = dwelling.reduce((sum, household) => sum + household.member_count, 0);
      return {
        zh: `此地址已有在册户 ${dwelling.map((household) => household.household_no).join('、')}(共 ${people} 人)。请书面告知原住户;不迁出的,新户另立,原住户可转社区集体户。`,
        en: `Registered at this address already: ${dwelling.map((household) => household.household_no).join(', ')} (${people} people). Notify them in writing; if they stay, the new household is set up beside theirs, or they go to the community’s collective household.`,
      };
    },
  },
  collective_target_is_in_order: {
    label: { zh: '集体户落户符合规定', en: 'Settling in the collective household is in order' }, law: workRules('第十六至十八条', 'arts. 16–18'),
    check: ({ file, target_household, movers, materials }) => {
      const wanted = file.answers['housing_basis'] === 'collective';
      if (!isCollective(target_household)) return wanted ? { zh: '申报落集体户,但所选的户不是集体户。', en: 'A collective household was declared, but the chosen one is not collective.' } : null;
      const others = movers.filter((mover) => mover.relation !== collectiveRelation);
      if (others.length > 0) return { zh: `集体户成员与户主关系应为“非亲属”(99):${namesOf(others)}。`, en: `In a collective household the relation is 99, not related: ${namesOf(others)}.` };
      return materials.some((material) => material.code === 'M27' && ['provided', 'commitment'].includes(material.state)) ? null : { zh: '缺少集体户单位或社区同意落户的材料。', en: 'The consent of the unit or community is missing.' };
    },
  },
  minor_does_not_move_alone: {
    label: { zh: '未成年人随监护人迁移', en: 'A minor moves with or by a guardian' }, law: workRules('第四十二条', 'art. 42'),
    check: ({ today, movers, kin, applicant, target_household }) => {
      const adults = new Set(movers.filter((mover) => mover.person !== null && adult(mover.person, today)).map((mover) => mover.person_id));
      const guardian = applicant !== null && adult(applicant, today) ? applicant : null;
      const alone = movers.filter((mover) => {
        if (mover.person === null || adult(mover.person, today)) return false;
        const parents = parentsOf(mover.person.person_id, kin);
        const withParent = parents.some((parent) => adults.has(parent) || parent === guardian?.person_id || target_household?.members.some((member) => member.person_id === parent));
        // Where the register knows no parent, an adult who applies and moves along stands for the guardian.
        return !withParent && !(parents.length === 0 && adults.size > 0);
      });
      return alone.length === 0 ? null : { zh: `未成年人须由父母或监护人申请,或随其迁移:${namesOf(alone)}。`, en: `Minors need the application of a parent or guardian, or move with them: ${namesOf(alone)}.` };
    },
  },
  no_minor_left_alone: {
    label: { zh: '不使未成年人单独留户', en: 'No minor is left alone' }, law: workRules('第十五条', 'art. 15'),
    check: (facts) => {
      for (const household of facts.origins) {
        const remaining = remainingMembers(household, facts);
        if (household.household_type === '1' && remaining.length > 0 && !remaining.some((member) => adult(member, facts.today))) {
          return { zh: `迁出后原户只剩未成年人(${namesOf(remaining)}),须由上级决定其监护和落户。`, en: `Only minors would stay (${namesOf(remaining)}); the level above must decide on their guardian and registration.` };
        }
      }
      return null;
    },
  },
  leaving_head_has_successor: {
    label: { zh: '户主迁出已定新户主', en: 'A leaving head has a successor' }, law: workRules('第十五条', 'art. 15'),
    check: (facts) => {
      for (const household of facts.origins) {
        const remaining = remainingMembers(household, facts);
        if (household.household_type !== '1' || remaining.length === 0 || remaining.some((member) => member.relation === headRelation)) continue;
        const successor = successorOf(household, facts);
        if (successor === undefined) return { zh: `户主迁出后尚有 ${namesOf(remaining)},请指定其中一名成年人为新户主。`, en: `The head leaves and ${namesOf(remaining)} stay; name one adult of them as the new head.` };
        // Where only minors stay the level above decides by the rule on minors; a minor may then be head on record.
        if (!adult(successor, facts.today) && remaining.some((member) => adult(member, facts.today))) return { zh: `新户主 ${successor.name} 未成年,请指定成年人。`, en: `The new head ${successor.name} is a minor; name an adult.` };
      }
      return null;
    },
  },
  scope_fits_service: {
    label: { zh: '迁移范围与事项一致', en: 'The distance fits the service' }, law: workRules('第三十九条', 'art. 39'),
    check: ({ file, movers }, service) => {
      const stations = [...new Set(movers.filter((mover) => mover.person !== null).map((mover) => mover.person!.station_code))];
      if (stations.length > 1) return { zh: '申报的人员不在同一派出所辖区,请分别申请。', en: 'The people are registered with different stations; apply separately.' };
      const origin = stations[0];
      if (origin === undefined) return null;
      const scope = scopeBetween(origin, file.target_org);
      if (scope === service.scope) return null;
      const right = { in_station: '1102', in_county: '0501', in_prefecture: '0502', in_province: '0503', out_of_province: '0304' }[scope];
      return { zh: `迁移范围不符,应按事项 ${right} 办理。`, en: `The distance does not fit; this is service ${right}.` };
    },
  },
  something_changes: {
    label: { zh: '有需要变更的项目', en: 'Something changes' }, law: { zh: '《户口登记条例》第十七条', en: 'Household Registration Regulations, art. 17' },
    check: ({ file }) => {
      const items = ['workplace', 'occupation', 'military_service', 'height_cm', 'blood_type', 'phone'];
      return items.some((item) => file.answers[item] !== undefined && file.answers[item] !== null && file.answers[item] !== '') ? null : { zh: '没有填写要变更的项目,请至少填写一项。', en: 'No item to change was given; enter at least one.' };
    },
  },
};

/** Every precondition that is due at this moment, with what was found. */
export function check(facts: CaseFacts, service: Service, at: 'accept' | 'approve' | 'execute'): Check[] {
  return service.preconditions.filter((precondition) => precondition.at.includes(at)).map((precondition) => {
    const rule = rules[precondition.rule];
    // A rule that is named and not there must never pass: that is a fault of the program, not an answer to the applicant.
    if (rule === undefined) throw new Error(`rule ${precondition.rule} of service ${service.code} is not implemented`);
    const finding = rule.check(facts, service);
    return { rule: precondition.rule, label: rule.label, law: rule.law, on_fail: precondition.on_fail, passed: finding === null, finding };
  });
}

