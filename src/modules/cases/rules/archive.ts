/** Certificates and the archive: who may ask, what for, and whether there is anything to show. */
import { personStatus } from '../../population/index.ts';
import { answerOf, isProved, parentsOf, personAs, workRules, type Rules } from './rule.ts';

export const archiveRules = {
  requester_is_entitled: {
    label: { zh: '查询人具有查询资格', en: 'The requester is entitled' }, law: workRules('第九十一条', 'art. 91'),
    check: (facts, service) => {
      const { applicant, file } = facts;
      const subject = personAs(facts, 'subject');
      if (subject === null || file.channel === 'ex_officio') return null;
      if (applicant !== null) {
        const kin = facts.kin.some((link) => [link.person_id, link.relative_id].includes(applicant.person_id) && [link.person_id, link.relative_id].includes(subject.person_id));
        const shared = applicant.household_id !== null && applicant.household_id === subject.household_id;
        if (applicant.person_id === subject.person_id || kin || shared || parentsOf(subject.person_id, facts.kin).includes(applicant.person_id)) return null;
      }
      return isProved(facts, ['M69', 'M71']) ? null
        : service.code === '1401' ? { zh: '证明由本人、同户人员或近亲属申请;代办的请提交授权委托书。', en: 'The person, the household or close kin ask for a certificate; an agent shows the power of attorney.' }
          : { zh: '档案由本人、近亲属查询;律师、公证和其他单位请提交执业证件、公函和用途证明。', en: 'The person and close kin consult the archive; lawyers, notaries and other bodies show their credentials and the purpose.' };
    },
  },
  purpose_is_lawful: {
    label: { zh: '查询用途合法', en: 'The purpose is lawful' }, law: workRules('第九十二条', 'art. 92'),
    check: (facts) => {
      const subject = personAs(facts, 'subject');
      const own = subject !== null && facts.applicant?.person_id === subject.person_id;
      return own || isProved(facts, ['M71'], { commitment: true }) ? null : { zh: '查询他人档案须有诉讼、公证、继承等用途证明,请告知补正。', en: 'Another’s archive is consulted for litigation, a deed or an inheritance; ask for the proof of the purpose.' };
    },
  },
  fact_is_registered: {
    label: { zh: '有可证明的登记事实', en: 'There is a registered fact to certify' }, law: { zh: '公通字〔2016〕21号', en: 'MPS 2016 No. 21' },
    check: (facts) => {
      const subject = personAs(facts, 'subject');
      if (subject === null) return { zh: '户籍中没有姓名与号码相符的人,请核对。', en: 'Nobody of that name and number is registered; check them.' };
      const altered = subject.alterations.some((one) => one.item !== 'status');
      switch (answerOf(facts, 'certificate_kind')) {
        case 'alteration': return altered ? null : { zh: '没有变更更正的记录,无可证明的内容。', en: 'No item was ever altered; there is nothing to certify.' };
        case 'cancellation': return subject.status !== personStatus.active ? null : { zh: '户口未注销,不能出具注销证明。', en: 'The registration is active; no cancellation can be certified.' };
        case 'kinship': return facts.kin.some((link) => link.person_id === subject.person_id || link.relative_id === subject.person_id) ? null : { zh: '户籍中没有登记亲属关系,请查询档案或由公证机构证明。', en: 'No kinship is registered; consult the archive or a notary.' };
        case 'booklet_replaced': case 'booklet_lost': return subject.status === personStatus.active ? null : { zh: '户口不在正常状态,不能补换发户口簿。', en: 'The registration is not active; no booklet is issued.' };
        default: return null;
      }
    },
  },
} satisfies Rules;
