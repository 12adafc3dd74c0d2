/** Registrations that end (death, service, settling abroad, duplicates) and those that come back. */
import { personStatus } from '../../population/index.ts';
import { answerOf, isProved, personAs, proofOf, regulations, workRules, type Rules } from './rule.ts';

const dayMs = 86_400_000;
/** 云南 2021 户口规则: who was cancelled may come back by the same way; the dead only by a judgment. */
const courtRevoked = ['M56'];

export const endingRules = {
  death_date_is_plausible: {
    label: { zh: '死亡日期合理', en: 'The date of death is plausible' }, law: regulations('第八条', 'art. 8'),
    check: (facts) => {
      const died = answerOf(facts, 'died_on');
      const subject = personAs(facts, 'subject');
      if (died > facts.today) return { zh: `死亡日期 ${died} 晚于今日,请对照死亡证明改正。`, en: `The date of death ${died} lies after today; correct it by the certificate.` };
      return subject !== null && died !== '' && died < subject.birth_on ? { zh: `死亡日期 ${died} 早于出生日期,请对照死亡证明改正。`, en: `The date of death ${died} lies before the birth; correct it by the certificate.` } : null;
    },
  },
  death_is_proved: {
    label: { zh: '死亡证明已核实', en: 'The death is proved' }, law: workRules('第三十一条', 'art. 31'),
    check: (facts) => (facts.enquiries.some((enquiry) => enquiry.result === 'confirmed') ? null
      : proofOf(facts, ['M07', 'M08', 'M09', 'M10', 'M11'], { zh: '没有死亡证明。请提交死亡医学证明、公安机关证明、法院判决书或殡葬记录;都没有的,由社区民警调查。', en: 'Nothing proves the death. Supply a medical, police or court document or the record of the funeral; without any, the community officer enquires.' })),
  },
  notice_period_is_over: {
    label: { zh: '已履行告知或公示程序', en: 'The notice was given and its time has passed' }, law: workRules('第三十七条', 'art. 37'),
    check: ({ materials, today, policy }) => {
      const notice = materials.find((material) => material.code === 'M59' && material.state === 'provided');
      if (notice === undefined) return { zh: '尚未书面告知亲属或公示,请先告知,并将告知书或公示照片归入办件。', en: 'The relatives have not been notified in writing and no notice was posted; do so and file the proof.' };
      const since = notice.supplied_on ?? today;
      const over = new Date(Date.parse(since) + policy.notice_days * dayMs).toISOString().slice(0, 10);
      return over <= today ? null : { zh: `告知(公示)满 ${policy.notice_days} 天后方可办结,最早 ${over}。`, en: `The notice stands ${policy.notice_days} days; execution is possible from ${over}.` };
    },
  },
  enlistment_is_verified: {
    label: { zh: '入伍信息已核实', en: 'The enlistment is verified' }, law: regulations('第十一条', 'art. 11'),
    check: (facts) => proofOf(facts, ['M49'], { zh: '没有入伍通知书,也未经兵役机关核实,请告知补正。', en: 'Neither the enlistment notice nor the recruitment office shows it; ask for the notice.' }),
  },
  settlement_is_verified: {
    label: { zh: '定居或国籍事实已核实', en: 'The settlement or nationality is verified' }, law: workRules('第三十三至三十五条', 'arts. 33–35'),
    check: (facts) => proofOf(facts, ['M50', 'M51', 'M52', 'M53', 'M55'], { zh: '没有定居或国籍证明,也未经出入境管理部门核实,请告知补正。', en: 'Nothing shows the settlement or nationality, nor did exit-entry confirm it; ask for the document.' }),
  },
  duplicate_is_confirmed: {
    label: { zh: '重复、虚假户口经核实', en: 'The double or false registration is confirmed' }, law: workRules('第三十六条', 'art. 36'),
    check: (facts) => {
      const { subject, kept } = facts.parts;
      if (kept !== undefined && kept.person === null) return { zh: '户籍中没有找到保留的户口,请核对姓名和公民身份号码。', en: 'The registration to be kept was not found; check name and number.' };
      if (kept !== undefined && kept.person_id === subject?.person_id) return { zh: '保留的户口和注销的户口是同一条,请重新填写。', en: 'The registration to be kept and the one to be cancelled are the same; enter them again.' };
      return isProved(facts, ['M73']) ? null : { zh: '没有重复(虚假)户口核查报告,核查并归档后再审批。', en: 'The report on the double or false registration is missing; make and file it first.' };
    },
  },
  discharge_is_verified: {
    label: { zh: '退役信息已核实', en: 'The discharge is verified' }, law: workRules('第三十八条', 'art. 38'),
    check: (facts) => proofOf(facts, ['M54'], { zh: '没有退役证件,也未经退役军人事务部门核实,请告知补正。', en: 'Nothing shows the discharge, nor did veterans affairs confirm it; ask for the papers.' }),
  },
  cancellation_is_restorable: {
    label: { zh: '原注销记录存在且可恢复', en: 'There is a cancellation that can be undone' }, law: workRules('第三十八条', 'art. 38'),
    check: (facts) => {
      const subject = personAs(facts, 'subject');
      if (subject === null) return { zh: '户籍中没有找到当事人,请核对姓名和号码;从未登记的,按补录办理。', en: 'The person is not in the register; check name and number. Who never was registered is entered by a supplement.' };
      if (subject.status === personStatus.active) return { zh: `${subject.name} 的户口现为正常状态,不需恢复。`, en: `The registration of ${subject.name} is active; there is nothing to restore.` };
      if (subject.status === personStatus.in_transit) return { zh: `${subject.name} 迁移在途,请按落户或回迁办理。`, en: `${subject.name} is in transit; settle or return instead.` };
      return subject.status === personStatus.dead && !isProved(facts, courtRevoked) && !facts.enquiries.some((enquiry) => enquiry.result === 'confirmed')
        ? { zh: `${subject.name} 已作死亡登记,须有撤销宣告死亡的判决书,或经调查确认登记有误。`, en: `${subject.name} is registered as deceased; a judgment that revokes the declaration, or an enquiry that shows the error, is needed.` } : null;
    },
  },
} satisfies Rules;
