/**
 * The guide of a service, made from the same file as its form, checks and route, so that what is said
 * cannot drift from what is done.
 */
import type { Text } from '../../kernel/operation.ts';
import type { Catalogue } from './load.ts';
import { lifeEvents, type ChannelName, type LifeEvent, type Material, type MaterialRequirement, type Service } from './service.ts';
import { applicantWords, cancellingWords, certificateWords, channelWords, conditionWords, feeWords, paperWords, presenceWords } from './words.ts';

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
  /** How far it goes without a visit: all the way, up to a check of what was sent, or not at all. */
  way: 'online' | 'precheck' | 'counter';
  presence: Text;
  /** By when it is to be declared, where the law says so. */
  declaration: Text | null;
  papers: readonly GuidePaper[];
  /** What is issued at the end. */
  issued: readonly Text[];
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

const identityWords: Record<number, Text> = {
  1: { zh: '用手机号登录', en: 'Sign in with a phone number' },
  2: { zh: '实名登录', en: 'Sign in with your real name' },
  3: { zh: '实名实人登录(刷脸)', en: 'Sign in with real name and live portrait' },
  4: { zh: '用证书或证件芯片登录', en: 'Sign in with a certificate or the chip of your card' },
};

/** Comparisons of a portrait or a finger are made at the counter; everything else that a source can say is asked for. */
const comparedInPerson: ReadonlySet<string> = new Set(['face', 'fingerprint']);

/** The register or an agency can answer instead of the paper. */
function isVerified(material: Material): boolean {
  return material.cancelled_when !== null || material.verified_by.some((source) => !comparedInPerson.has(source));
}

/** Its number is as good as the paper. */
const isElectronic = (certificate: string): boolean => certificate.startsWith('electronic_');

/** The paper is settled by the sign-in itself. */
export function isSettledBySignIn(material: Material): boolean {
  return material.certificates.includes('real_name_sign_in');
}

/** The ways that an applicant may choose for a paper; empty when signing in settles it, or when nobody has to bring it. */
export function waysOf(material: Material): MaterialWay[] {
  if (isSettledBySignIn(material) || isNeverAsked(material)) return [];
  return [
    ...(isVerified(material) ? ['verify' as const] : []),
    ...(material.certificates.some(isElectronic) ? ['certificate' as const] : []),
    ...(material.commitment ? ['commitment' as const] : []),
    'provided',
  ];
}

/** The police or the system make it, or the fact is only ever verified over the network. */
export function isNeverAsked(material: Material): boolean {
  return material.supplied_by !== 'applicant' || material.cancelled_when === 'always';
}

function insteadOf(material: Material): Text[] {
  if (isSettledBySignIn(material)) return material.certificates.flatMap((certificate) => certificateWords[certificate] ?? []);
  return [
    ...(material.cancelled_when === null ? [] : [cancellingWords[material.cancelled_when]]),
    ...(material.cancelled_when === null && isVerified(material) ? [{ zh: '能联网核对的,民警核对,不用交', en: 'Not needed where the police can verify it over the network' }] : []),
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

function promise({ limits: { promised_working_days: days }, mode, route }: Service): Text {
  if (mode === 'instant') return { zh: '受理后当场办结', en: 'Done on the spot once accepted' };
  if (days > 0) return { zh: `材料齐全的,${days} 个工作日内办结`, en: days === 1 ? 'Within 1 working day when everything is complete' : `Within ${days} working days when everything is complete` };
  const minutes = route.reduce((sum, step) => sum + step.limit_working_minutes, 0);
  return minutes > quickMinutes ? { zh: '材料齐全的,半个工作日办结', en: 'Within half a working day when everything is complete' } : { zh: '材料齐全的,当天办结', en: 'The same day when everything is complete' };
}

/** What is done in less is done the same day wherever it begins. */
const quickMinutes = 120;

function statutory({ statutory_working_days: days, statutory_calendar_days: calendarDays, supplement_working_days }: Service['limits']): Text {
  if (calendarDays !== undefined) return { zh: `法定最长 ${calendarDays} 日`, en: `By law at most ${calendarDays} days` };
  return days === 0 ? { zh: '法定当场办结', en: 'By law, on the spot' }
    : { zh: `法定最长 ${days} 个工作日;需要补正的,另给 ${supplement_working_days} 个工作日准备`, en: `By law at most ${days} working days; if something is missing you have ${supplement_working_days} working days to supply it` };
}

const yuan = (fen: number): string => (fen / 100).toFixed(2);

/** The fee, and what it is in other cases. */
function feeText({ fee_fen, fee_cases = [] }: Service): Text {
  const plain: Text = fee_fen === 0 ? { zh: '不收费', en: 'Free of charge' } : { zh: `${yuan(fee_fen)} 元`, en: `${yuan(fee_fen)} yuan` };
  if (fee_cases.length === 0) return plain;
  const others = fee_cases.map((one) => ({ when: feeWords[one.when] ?? { zh: one.when, en: one.when }, fee: one.fee_fen === 0 ? { zh: '不收费', en: 'free' } : { zh: `${yuan(one.fee_fen)} 元`, en: `${yuan(one.fee_fen)} yuan` } }));
  return { zh: [plain.zh, ...others.map(({ when, fee }) => `${when.zh}:${fee.zh}`)].join(';'), en: [plain.en, ...others.map(({ when, fee }) => `${when.en}: ${fee.en}`)].join('; ') };
}

/** How far a service goes without a visit. */
export function wayOf({ channels }: Pick<Service, 'channels'>): Guide['way'] {
  return channels.includes('online_full') ? 'online' : channels.includes('online_precheck') ? 'precheck' : 'counter';
}

/** Whether anybody outside of the police may ask for it. */
export function isForCitizens({ channels }: { channels: readonly ChannelName[] }): boolean {
  return channels.some((channel) => channel !== 'ex_officio');
}

/** The guide of a service. Sentences are whole in both languages; nothing here knows the reader. */
export function guideOf(service: Service, { materials }: Catalogue): Guide {
  const fields = service.form.reduce((count, section) => count + section.fields.filter((field) => field.required).length, 0);
  const delivery = service.form.flatMap((section) => section.fields).find((field) => field.name === 'delivery_mode');
  return {
    service_code: service.code, name: service.name, summary: service.summary,
    life_event: { event: service.life_event, label: lifeEvents[service.life_event] },
    who: service.applicants.filter((applicant) => applicant !== 'police_ex_officio' || service.applicants.length === 1).map((applicant) => applicantWords[applicant]),
    channels: service.channels.map((channel) => channelWords[channel]), way: wayOf(service),
    presence: presenceWords[service.presence], declaration: service.declaration ?? null,
    papers: service.materials.map((requirement) => paperOf(requirement, materials)), issued: service.papers.map((paper) => paperWords[paper]),
    fee: feeText(service), promised: promise(service), statutory: statutory(service.limits),
    steps: service.route.map((step) => step.label),
    receive: delivery?.options?.map(({ label }) => label) ?? [{ zh: '办完当场领取或告知', en: 'On the spot when it is done' }],
    identity_level_min: service.identity_level_min, identity: identityWords[service.identity_level_min] ?? identityWords[2]!,
    minutes_to_fill: Math.max(3, Math.ceil((fields + service.materials.length) * 0.75)),
    law: service.law,
  };
}
