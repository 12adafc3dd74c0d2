/** Where to: the address, the dwelling, the household that receives. */
import { NON_RELATIVE } from '../../reference/index.ts';
import { conditions } from '../../catalogue/index.ts';
import type { CaseFacts } from '../facts.ts';
import { answerOf, headOf, isCollective, namesOf, personAs, workRules, type Rules } from './rule.ts';

/** Booklet and card of whoever is joined: shown, or known to the register. */
const shownByHost = ['M22'];
/** Consent of a unit or community; the admission to a school or institution is its consent. */
const consentOfUnit = ['M34', 'M14', 'M15', 'M32'];

/** The material is there in one of the ways that the four rules allow. */
const isSettled = ({ materials }: CaseFacts, codes: readonly string[]): boolean =>
  materials.some((material) => codes.includes(material.code) && material.state !== 'missing' && material.state !== 'optional');

/** Shown or promised in writing: the consent of a person is replaced by no certificate. */
const isGiven = ({ materials }: CaseFacts, codes: readonly string[]): boolean => materials.some((material) => codes.includes(material.code) && (material.state === 'provided' || material.state === 'commitment'));

export const placeRules = {
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
  target_household_is_active_and_consents: {
    label: { zh: '迁入户正常且户主同意', en: 'The receiving household is active and its head consents' }, law: workRules('第四十一条', 'art. 41'),
    check: (facts) => {
      const { file, target_household, address, applicant } = facts;
      const named = answerOf(facts, 'target_head_id_number');
      if (named === '' && answerOf(facts, 'follow_parent') === '') return null;
      if (target_household === null) return { zh: '此地址没有该户主的户,请核对户主姓名、号码和地址。', en: 'There is no household of that head at this address; check name, number and address.' };
      if (target_household.status !== 'active') return { zh: '迁入户已注销。', en: 'The receiving household is closed.' };
      if (address !== null && target_household.address_id !== address.address_id) return { zh: '迁入户的地址与申报的地址不一致。', en: 'The receiving household is at another address.' };
      if (isCollective(target_household) || named === '') return null;
      const head = headOf(target_household);
      if (head?.id_number !== named) return { zh: '所填的人不是迁入户的户主,请核对户主姓名和号码。', en: 'The person named is not the head of the receiving household; check name and number.' };
      const consents = (applicant !== null && head?.person_id === applicant.person_id) || file.answers['follow_parent'] === 'grandparent'
        || isGiven(facts, ['M27', 'M61']) || isSettled(facts, shownByHost)
        // An adopted child comes to the household of those who adopt it.
        || (['adopter', 'spouse'] as const).some((part) => facts.parts.adopter !== undefined && personAs(facts, part)?.household_id === target_household.household_id);
      return consents ? null : { zh: '缺少迁入户户主(产权人)同意落户的材料。', en: 'The consent of the head or owner is missing.' };
    },
  },
  collective_target_is_in_order: {
    label: { zh: '集体户落户符合规定', en: 'Settling in the collective household is in order' }, law: workRules('第十六至十八条', 'arts. 16–18'),
    check: (facts) => {
      const { file, target_household, movers } = facts;
      const community = file.service_code === '1202';
      const wanted = file.answers['housing_basis'] === 'collective' || conditions.settles_in_collective(file.answers) || community || (answerOf(facts, 'unit_code') !== '' && answerOf(facts, 'household_choice') === '');
      if (!isCollective(target_household)) return wanted ? { zh: '申报落集体户,但所选的户不是集体户,或没有找到该集体户;请核对单位代码和地址,尚未设立的先设立。', en: 'A collective household was declared, but the one chosen is not collective or there is none; check unit and address, or have it set up first.' } : null;
      const others = movers.filter((mover) => mover.relation !== NON_RELATIVE && mover.relation !== '');
      if (others.length > 0) return { zh: `集体户成员与户主关系应为“非亲属”(99):${namesOf(others)}。`, en: `In a collective household the relation is 99, not related: ${namesOf(others)}.` };
      return community || isGiven(facts, ['M27']) || isSettled(facts, consentOfUnit) ? null : { zh: '缺少集体户单位或社区同意落户的材料。', en: 'The consent of the unit or community is missing.' };
    },
  },
} satisfies Rules;
