/** Who applies, whether he may, and whether the people concerned are free for it. */
import { legalDay } from '../../../kernel/clock.ts';
import type { ApplicantName, EffectName } from '../../catalogue/index.ts';
import { headRelation, personStatus, type LeaseKind, type MoverFacts } from '../../population/index.ts';
import type { CaseFacts } from '../facts.ts';
import { effects } from '../effects/index.ts';
import { cardLaw, isProved, namesOf, parentsOf, workRules, type Rules } from './rule.ts';

/** Effects on people whom this province need not know yet; the applicant may be one of them or come from elsewhere. */
const ofStrangers: ReadonlySet<EffectName> = new Set(['arrive_from_province', 'register_birth', 'register_person', 'restore_registration', 'order_card', 'copy_archive']);

/** Units and authorities act through people who need not be registered here; what they bring shows their mandate. */
const institutions: readonly ApplicantName[] = ['unit', 'school', 'welfare_institution', 'village_committee', 'military_office', 'veterans_office', 'lawyer', 'agency'];
const mandates = ['M69', 'M14', 'M15', 'M34', 'M49', 'M54', 'M62', 'M71'];

/** What each kind of applicant must be by the register, or by the mandate shown. */
const entitlements: Partial<Record<ApplicantName, (facts: CaseFacts, applicant: MoverFacts) => boolean>> = {
  // Whoever is a minor's parent or guardian acts for the minor as for himself (Civil Code, arts. 23, 27).
  self: (facts, applicant) => isConcerned(facts, applicant) || isParentOrGuardianOfAll(facts, applicant),
  father: (facts, applicant) => facts.parts.father?.person_id === applicant.person_id,
  mother: (facts, applicant) => facts.parts.mother?.person_id === applicant.person_id,
  parent: isParentOrGuardianOfAll,
  guardian: (facts, applicant) => isParentOrGuardianOfAll(facts, applicant) || facts.parts.guardian?.person_id === applicant.person_id,
  spouse: (facts, applicant) => facts.parts.spouse?.person_id === applicant.person_id || isKinOfSomebody(facts, applicant, ['spouse']),
  head: (facts, applicant) => facts.households.some((household) => household.members.some((member) => member.person_id === applicant.person_id && member.relation === headRelation)),
  relative: (facts, applicant) => isKinOfSomebody(facts, applicant) || sharesHousehold(facts, applicant),
  carer: sharesHousehold,
  adopter: (facts, applicant) => facts.parts.adopter?.person_id === applicant.person_id || isKinOfSomebody(facts, applicant, ['spouse']),
  owner: (facts) => isProved(facts, ['M24']),
  agent: (facts) => isProved(facts, ['M69']),
};

function isConcerned({ movers, parts }: CaseFacts, applicant: MoverFacts): boolean {
  return movers.some((mover) => mover.person_id === applicant.person_id) || parts.subject?.person_id === applicant.person_id;
}

function isParentOrGuardianOfAll({ movers, kin }: CaseFacts, applicant: MoverFacts): boolean {
  const wards = movers.filter((mover) => mover.person_id !== applicant.person_id);
  return movers.length > 0 && wards.every((ward) => ward.person_id !== null && (parentsOf(ward.person_id, kin).includes(applicant.person_id)
    || kin.some((link) => link.kind === 'guardian' && link.person_id === ward.person_id && link.relative_id === applicant.person_id)));
}

function isKinOfSomebody({ movers, parts, kin }: CaseFacts, applicant: MoverFacts, kinds?: readonly string[]): boolean {
  const concerned = new Set([...movers, ...Object.values(parts)].map((one) => one.person_id));
  return kin.some((link) => (kinds === undefined || kinds.includes(link.kind))
    && ((link.person_id === applicant.person_id && concerned.has(link.relative_id)) || (link.relative_id === applicant.person_id && concerned.has(link.person_id))));
}

function sharesHousehold({ movers }: CaseFacts, applicant: MoverFacts): boolean {
  return applicant.household_id !== null && movers.some((mover) => mover.person?.household_id === applicant.household_id);
}

/** Cases that cannot go on beside one another on one person (2021 work rules; services of one class exclude each other). */
const classOf = (kind: LeaseKind): 'identity' | 'registration' | null => (kind === 'identity' || kind === 'card' ? 'identity' : kind === 'non_main_items' ? null : 'registration');

export const peopleRules = {
  identity_is_proved: {
    label: { zh: '申请人身份已核实', en: 'The applicant’s identity is proved' }, law: cardLaw('第十四条', 'art. 14'),
    check: ({ file, applicant }, service) => {
      if (file.channel === 'ex_officio') return null;
      if (file.channel === 'online' && file.applicant_identity_level < service.identity_level_min) {
        return { zh: `实名等级为 ${file.applicant_identity_level},需要 ${service.identity_level_min} 级(实名并实人)。请申请人重新登录认证。`, en: `Identity level is ${file.applicant_identity_level}; ${service.identity_level_min} (real name and live portrait) is needed. The applicant should sign in again.` };
      }
      // Whom this register does not know shows the card at the counter, or signed in with name, number and portrait.
      if (applicant === null && (ofStrangers.has(service.effect) || service.applicants.some((one) => institutions.includes(one)))) return null;
      if (applicant === null || applicant.name !== file.applicant_name) return { zh: '申请人姓名与公民身份号码在户籍中不相符,请核对证件。', en: 'The applicant’s name and number do not match the register; check the card.' };
      return null;
    },
  },
  applicant_is_entitled: {
    label: { zh: '申请人具有申请资格', en: 'The applicant is entitled' }, law: workRules('第三十九条', 'art. 39'),
    check: (facts, service) => {
      const { file, applicant, movers } = facts;
      if (file.channel === 'ex_officio') return null;
      const institutional = service.applicants.some((one) => institutions.includes(one)) && isProved(facts, mandates);
      if (applicant === null) {
        const isNamed = [...movers, ...Object.values(facts.parts)].some((one) => one.id_number === file.applicant_id_number);
        const isNewcomer = service.applicants.includes('self') && facts.new_person?.name === file.applicant_name;
        const isAgent = service.applicants.includes('agent') && isProved(facts, ['M69']);
        return institutional || (ofStrangers.has(service.effect) && (isNamed || isNewcomer || isAgent)) ? null
          : { zh: '户籍中没有找到申请人,不能代他人申请。', en: 'The applicant is not in the register and may not apply for others.' };
      }
      if (institutional || service.applicants.some((one) => entitlements[one]?.(facts, applicant) === true)) return null;
      return { zh: '申请人须为本人、户主或监护人,或事项规定的其他申请人;受托办理的请提交授权委托书。', en: 'The applicant must be the person, the head of the household or a guardian, or another whom the service names; an agent shows the power of attorney.' };
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
  is_not_deceased: {
    label: { zh: '当事人未登记死亡', en: 'The person is not registered as deceased' }, law: workRules('第三十九条', 'art. 39'),
    check: ({ movers }) => {
      const dead = movers.filter((mover) => mover.person?.status === personStatus.dead);
      return dead.length === 0 ? null : { zh: `已登记死亡:${namesOf(dead)}。登记有误的,先按“注销户口恢复”办理。`, en: `Registered as deceased: ${namesOf(dead)}. If that is wrong, the registration is restored first.` };
    },
  },
  no_conflicting_case: {
    label: { zh: '没有冲突的在办业务', en: 'No conflicting case is open' }, law: workRules('第三十九条', 'art. 39'),
    check: ({ file, movers, offices }, service) => {
      const kind = effects[service.effect].lease;
      const own = kind === null ? null : classOf(kind);
      // A death goes before everything else and ends it; only another death stands in its way.
      const conflicts = (other: LeaseKind): boolean => (kind === 'death' ? other === 'death' : own !== null && classOf(other) === own);
      const [first] = movers.flatMap((mover) => (mover.person?.leases ?? []).filter((lease) => lease.case_id !== file.case_id && conflicts(lease.kind)).map((lease) => ({ name: mover.name, lease })));
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
} satisfies Rules;
