/**
 * The guide of a service, made from the same file as its form, checks and route, so that what is said
 * cannot drift from what is done.
 */
import type { Text } from '../../kernel/operation.ts';
import type { Catalogue } from './load.ts';
import { lifeEvents, type LifeEvent, type Material, type MaterialRequirement, type Service } from './service.ts';

/** The ways in which a paper may be settled, in the order of the four rules 四个一律. */
export type MaterialWay = 'verify' | 'certificate' | 'commitment' | 'provided';

export interface GuidePaper {
  code: string;
  name: Text;
  why: Text;
  law: Text;
  good_example: Text;
  /** When it is asked for; null: always. */
  when: Text | null;
  optional: boolean;
  /** What may take its place, in words; empty: the paper itself. */
  instead: readonly Text[];
}

export interface Guide {
  service_code: string;
  name: Text;
  summary: Text;
  life_event: { event: LifeEvent; label: Text };
  who: readonly Text[];
  channels: readonly Text[];
  papers: readonly GuidePaper[];
  fee: Text;
  /** What is promised, and what the law allows at most. */
  promised: Text;
  statutory: Text;
  steps: readonly Text[];
  receive: readonly Text[];
  identity_level_min: number;
  identity: Text;
  minutes_to_fill: number;
  law: readonly Text[];
}

const applicants: Record<string, Text> = {
  self: { zh: '本人', en: 'The person concerned' },
  head: { zh: '户主', en: 'The head of the household' },
  agent: { zh: '受委托的人(凭委托书)', en: 'An agent with a written mandate' },
  guardian: { zh: '监护人', en: 'The guardian' },
  police_ex_officio: { zh: '公安机关依职权', en: 'The police ex officio' },
};

const channelWords: Record<string, Text> = {
  online_full: { zh: '网上全程办理,不用跑', en: 'Entirely online' },
  booking: { zh: '预约到窗口办理', en: 'At the counter by appointment' },
  window: { zh: '派出所户籍窗口', en: 'At the counter of a police station' },
  self_service: { zh: '自助终端', en: 'At a self-service terminal' },
};

const conditionWords: Partial<Record<string, Text>> = {
  housing_is_owned: { zh: '落户在自有房屋的才要', en: 'Only if you settle in a dwelling of your own' },
  housing_is_rented: { zh: '落户在租赁住房的才要', en: 'Only if you settle in a rented dwelling' },
  housing_of_another: { zh: '落户在亲属或他人房屋的才要', en: 'Only if you settle in the dwelling of somebody else' },
  reason_is_spouse: { zh: '因夫妻投靠或结婚迁移的才要', en: 'Only if you move to join your spouse' },
  reason_is_kin: { zh: '因投靠亲属迁移的才要', en: 'Only if you move to join relatives' },
};

const certificateWords: Record<string, Text> = {
  real_name_sign_in: { zh: '实名实人登录即可,不用上传', en: 'Signing in with real name and live portrait is enough; nothing to upload' },
  electronic_licence: { zh: '有电子证照的,填编号即可', en: 'With an electronic certificate, its number is enough' },
  old_booklet: { zh: '原户口簿也可以', en: 'An old household booklet will do' },
  birth_certificate: { zh: '出生医学证明也可以', en: 'A birth certificate will do' },
  any_certificate: { zh: '任何能说明情况的证件都可以', en: 'Any certificate that shows it will do' },
};

const identityWords: Record<number, Text> = {
  1: { zh: '用手机号登录', en: 'Sign in with a phone number' },
  2: { zh: '实名登录', en: 'Sign in with your real name' },
  3: { zh: '实名实人登录(刷脸)', en: 'Sign in with real name and live portrait' },
  4: { zh: '用证书或证件芯片登录', en: 'Sign in with a certificate or the chip of your card' },
};

/** Registered facts and the register itself are always at hand; agencies outside are asked where they are connected. */
function isCheckedInRegister(material: Material): boolean {
  return material.cancelled_when !== null || material.verified_by.includes('population');
}

/** The paper is settled by the sign-in itself. */
export function isSettledBySignIn(material: Material): boolean {
  return material.certificates.includes('real_name_sign_in');
}

/** The ways that an applicant may choose for a paper; empty when signing in settles it. */
export function waysOf(material: Material): MaterialWay[] {
  if (isSettledBySignIn(material)) return [];
  return [
    ...(isCheckedInRegister(material) ? ['verify' as const] : []),
    ...(material.certificates.includes('electronic_licence') ? ['certificate' as const] : []),
    ...(material.commitment ? ['commitment' as const] : []),
    'provided',
  ];
}

function insteadOf(material: Material): Text[] {
  return [
    ...(isCheckedInRegister(material) && !isSettledBySignIn(material) ? [{ zh: '户口登记里已有的,民警联网核对,不用交', en: 'Not needed where the register already shows it' }] : []),
    ...material.certificates.flatMap((certificate) => certificateWords[certificate] ?? []),
    ...(material.commitment ? [{ zh: '暂时没有的,可以书面承诺代替', en: 'A written commitment may stand in for it' }] : []),
  ];
}

function paperOf({ code, required, when }: MaterialRequirement, materials: Catalogue['materials']): GuidePaper {
  const material = materials.get(code)!;
  return {
    code, name: material.name, why: material.why, law: material.law, good_example: material.good_example, optional: required === 'optional',
    when: required === 'when' && when !== undefined ? (conditionWords[when] ?? null) : null, instead: insteadOf(material),
  };
}

function promise({ promised_working_days: days }: Service['limits'], mode: Service['mode']): Text {
  if (mode === 'instant') return { zh: '受理后当场办结', en: 'Done on the spot once accepted' };
  return days === 0 ? { zh: '材料齐全的,当天办结', en: 'The same day when everything is complete' }
    : { zh: `材料齐全的,${days} 个工作日内办结`, en: days === 1 ? 'Within 1 working day when everything is complete' : `Within ${days} working days when everything is complete` };
}

function statutory({ statutory_working_days: days, supplement_working_days }: Service['limits']): Text {
  return days === 0 ? { zh: '法定当场办结', en: 'By law, on the spot' }
    : { zh: `法定最长 ${days} 个工作日;需要补正的,另给 ${supplement_working_days} 个工作日准备`, en: `By law at most ${days} working days; if something is missing you have ${supplement_working_days} working days to supply it` };
}

/** The guide of a service. Sentences are whole in both languages; nothing here knows the reader. */
export function guideOf(service: Service, { materials }: Catalogue): Guide {
  const fields = service.form.reduce((count, section) => count + section.fields.filter((field) => field.required).length, 0);
  const delivery = service.form.flatMap((section) => section.fields).find((field) => field.name === 'delivery_mode');
  return {
    service_code: service.code, name: service.name, summary: service.summary,
    life_event: { event: service.life_event, label: lifeEvents[service.life_event] },
    who: service.applicants.filter((applicant) => applicant !== 'police_ex_officio').flatMap((applicant) => applicants[applicant] ?? []),
    channels: service.channels.flatMap((channel) => channelWords[channel] ?? []),
    papers: service.materials.map((requirement) => paperOf(requirement, materials)),
    fee: service.fee_fen === 0 ? { zh: '不收费', en: 'Free of charge' } : { zh: `${(service.fee_fen / 100).toFixed(2)} 元`, en: `${(service.fee_fen / 100).toFixed(2)} yuan` },
    promised: promise(service.limits, service.mode), statutory: statutory(service.limits),
    steps: service.route.map((step) => step.label),
    receive: (delivery?.options ?? []).map(({ label }) => label),
    identity_level_min: service.identity_level_min, identity: identityWords[service.identity_level_min] ?? identityWords[2]!,
    minutes_to_fill: Math.max(3, Math.ceil((fields + service.materials.length) * 0.75)),
    law: service.law,
  };
}
