/** Moves: how far, who goes, who stays. */
import { headRelation, personStatus } from '../../population/index.ts';
import { scopeBetween } from '../../reference/index.ts';
import type { CaseFacts } from '../facts.ts';
import { answerOf, isAdult, namesOf, parentsOf, proofOf, regulations, remainingMembers, successorOf, wordOf, workRules, type Rules } from './rule.ts';

/** 学校集体户, catalogue/codes: household-type. */
const schoolHousehold = '3';

export const moveRules = {
  no_move_in_transit: {
    label: { zh: '没有迁移在途', en: 'No move is in transit' }, law: regulations('第十条', 'art. 10'),
    check: ({ movers }) => {
      const moving = movers.filter((mover) => mover.person?.status === personStatus.in_transit);
      return moving.length === 0 ? null : { zh: `已迁出尚未落户:${namesOf(moving)}。请持迁移证件先办理落户或回迁。`, en: `Moved out and not yet settled: ${namesOf(moving)}. Settle or return with the migration certificate first.` };
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
  minor_does_not_move_alone: {
    label: { zh: '未成年人随监护人迁移', en: 'A minor moves with or by a guardian' }, law: workRules('第四十二条', 'art. 42'),
    check: (facts) => {
      const { movers, kin, applicant, target_household } = facts;
      const adults = new Set(movers.filter((mover) => mover.person !== null && isAdult(mover.person, facts)).map((mover) => mover.person_id));
      const guardian = applicant !== null && isAdult(applicant, facts) ? applicant : null;
      const alone = movers.filter((mover) => {
        if (mover.person === null || isAdult(mover.person, facts)) return false;
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
        if (household.household_type === '1' && remaining.length > 0 && !remaining.some((member) => isAdult(member, facts))) {
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
        if (!isAdult(successor, facts) && remaining.some((member) => isAdult(member, facts))) return { zh: `新户主 ${successor.name} 未成年,请指定成年人。`, en: `The new head ${successor.name} is a minor; name an adult.` };
      }
      return null;
    },
  },
  comes_from_another_province: {
    label: { zh: '迁移人员户口在省外', en: 'Those who move are registered in another province' }, law: workRules('第三十九条', 'art. 39'),
    check: ({ movers, file }) => {
      const here = movers.filter((mover) => mover.person !== null && mover.person.status === personStatus.active);
      if (here.length === 0) return null;
      const scope = scopeBetween(here[0]!.person!.station_code, file.target_org);
      const right = { in_station: '1102', in_county: '0501', in_prefecture: '0502', in_province: '0503', out_of_province: '0503' }[scope];
      return { zh: `${namesOf(here)} 的户口在本省,应按事项 ${right} 一站式办理。`, en: `${namesOf(here)} are registered in this province; this is service ${right}, done at one stop.` };
    },
  },
  marriage_is_valid: {
    label: { zh: '夫妻关系成立且有效', en: 'The marriage is valid' }, law: workRules('第四十条', 'art. 40'),
    check: (facts) => (isKinToHost(facts, ['spouse']) ? null
      : proofOf(facts, ['M21'], { zh: '户籍和婚姻登记中都没有证明夫妻关系的记录,请提交结婚证。', en: 'Neither the register nor the marriage records show the marriage; supply the certificate.' })),
  },
  is_parent_or_child: {
    label: { zh: '父母子女关系成立', en: 'They are parent and child' }, law: workRules('第四十条', 'art. 40'),
    check: (facts) => (isKinToHost(facts, ['father', 'mother']) ? null
      : proofOf(facts, ['M23'], { zh: '没有证明父母子女关系的记录,请提交亲属关系材料或书面承诺。', en: 'Nothing shows that they are parent and child; supply proof of kinship or a written commitment.' }, { commitment: true })),
  },
  meets_local_policy: {
    label: { zh: '符合当地落户政策', en: 'The local settlement policy is met' }, law: { zh: '国发〔2014〕25号', en: 'State Council 2014 No. 25' },
    check: (facts) => proofOf(facts, ['M28', 'M30', 'M31'], { zh: '没有劳动合同、录用文件、学历或职称证书,请告知补正。', en: 'Neither a contract, an appointment, a degree nor a title is shown; ask for one.' }),
  },
  enrolment_is_verified: {
    label: { zh: '录取信息真实且学校集体户在本所', en: 'The enrolment is true and the school’s household is here' }, law: workRules('第四十三条', 'art. 43'),
    check: (facts) => {
      if (facts.target_household !== null && facts.target_household.household_type !== schoolHousehold) return { zh: '新生落户须落学校集体户,请核对迁入户。', en: 'New students settle in the school’s collective household; check the receiving household.' };
      return proofOf(facts, ['M32'], { zh: '没有录取通知书,教育部门也未核实,请告知补正。', en: 'Neither the admission letter nor the education department shows the enrolment; ask for the letter.' });
    },
  },
  graduation_is_verified: {
    label: { zh: '毕业信息真实且在政策年限内', en: 'The graduation is true and recent enough' }, law: workRules('第四十四条', 'art. 44'),
    check: (facts) => {
      // 学历证书编号: five digits of the school, one of the kind, then the year.
      const year = /^\d{6}(\d{4})\d{7,8}$/u.exec(answerOf(facts, 'degree_certificate_no'))?.[1];
      if (year !== undefined && Number(facts.today.slice(0, 4)) - Number(year) > facts.policy.graduation_years_max) return { zh: `毕业已超过 ${facts.policy.graduation_years_max} 年,不适用毕业生落户,可按就业或住所落户办理。`, en: `More than ${facts.policy.graduation_years_max} years have passed since graduation; settle by employment or dwelling instead.` };
      return proofOf(facts, ['M33'], { zh: '没有毕业证书,教育部门也未核实,请告知补正。', en: 'Neither the certificate nor the education department shows the graduation; ask for the certificate.' });
    },
  },
  permit_is_valid: {
    label: { zh: '准迁证有效未使用', en: 'The move-in permit is valid and unused' }, law: workRules('第四十一条', 'art. 41'),
    check: ({ papers, today, movers }) => {
      const permit = papers.find((paper) => paper.kind === 'move_in_permit' && !paper.is_ours);
      if (permit === undefined) return { zh: '全国迁移信息中没有此准迁证,请核对编号,或请迁入地核发后再办。', en: 'The national migration data know no such permit; check the number, or have the destination issue it.' };
      if (permit.state === 'expired' || (permit.state === 'issued' && permit.valid_until_on < today)) return { zh: `此准迁证有效期至 ${permit.valid_until_on},已过期,请迁入地重新核发。`, en: `This permit was valid until ${permit.valid_until_on}; the destination issues another.` };
      if (permit.state !== 'issued') return { zh: '此准迁证已使用或已作废,请迁入地重新核发。', en: 'This permit was used or voided; the destination issues another.' };
      const others = movers.filter((mover) => !permit.id_numbers.includes(mover.id_number));
      return others.length === 0 ? null : { zh: `准迁证上没有:${namesOf(others)}。请按准迁证上的人员申报。`, en: `Not on the permit: ${namesOf(others)}. Declare the people whom it names.` };
    },
  },
  certificate_is_unused: {
    label: { zh: '迁移证件未被使用', en: 'The migration paper was not used' }, law: workRules('第四十六条', 'art. 46'),
    check: ({ file, papers }) => {
      const named = ['permit_no', 'migration_certificate_no'].map((answer) => file.answers[answer]).find((number) => typeof number === 'string');
      const paper = papers.find((one) => one.number === named);
      if (paper === undefined) return { zh: '全国迁移信息中没有此迁移证件,请核对编号;刚签发的,向签发地查询后再办。', en: 'The national migration data know no such paper; check the number, or ask the issuer where it is quite new.' };
      return paper.state === 'issued' || paper.state === 'expired' || paper.state_case_id === file.case_id ? null : { zh: `迁移证件 ${paper.number} 已使用或已作废,不能再凭此办理。`, en: `The migration paper ${paper.number} was used or voided and serves no more.` };
    },
  },
  not_settled_elsewhere: {
    label: { zh: '未在迁入地落户', en: 'Not settled at the destination' }, law: regulations('第六条', 'art. 6'),
    check: (facts) => {
      const settled = facts.movers.filter((mover) => mover.person?.status === personStatus.active);
      if (settled.length > 0 && facts.file.service_code !== '0402') return { zh: `${namesOf(settled)} 已有正常户口,不需办理。`, en: `${namesOf(settled)} have an active registration; nothing is needed.` };
      return wordOf(facts, 'national_population', 'no_other_registration') === 'mismatch' ? { zh: '全国人口信息显示已在迁入地落户,请核实后不予办理。', en: 'The national platform shows a registration at the destination; verify and refuse.' } : null;
    },
  },
} satisfies Rules;

/** Somebody who moves is linked so to a member of the receiving household. */
function isKinToHost({ movers, target_household, kin }: CaseFacts, kinds: readonly string[]): boolean {
  const [moving, there] = [new Set(movers.map((mover) => mover.person_id)), new Set(target_household?.members.map((member) => member.person_id))];
  return kin.some((link) => kinds.includes(link.kind) && ((moving.has(link.person_id) && there.has(link.relative_id)) || (there.has(link.person_id) && moving.has(link.relative_id))));
}
