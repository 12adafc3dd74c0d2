import { expect, test } from 'vitest';
import { findByWords } from './plain-words.ts';
import { guideOf, isForCitizens, isNeverAsked, wayOf, waysOf } from './guide.ts';
import { catalogue } from './load.ts';
import { certificateWords, conditionWords, feeWords } from './words.ts';

const guides = [...catalogue().services.values()].map((service) => guideOf(service, catalogue()));

test('every service has a whole guide in both languages', () => {
  for (const guide of guides) {
    const texts = [
      guide.name, guide.summary, guide.fee, guide.promised, guide.statutory, guide.identity, guide.presence, ...guide.who, ...guide.channels, ...guide.steps, ...guide.receive, ...guide.issued, ...guide.law,
      ...guide.papers.flatMap((paper) => [paper.name, paper.why, paper.law, paper.good_example, ...paper.instead]),
    ];
    for (const { zh, en } of texts) expect(zh.length > 0 && en.length > 0, `${guide.service_code} ${zh}${en}`).toBe(true);
    for (const list of [guide.who, guide.channels, guide.steps, guide.receive, guide.issued, guide.law]) expect(list.length, guide.service_code).toBeGreaterThan(0);
  }
});

test('a guide is short enough to be read before starting', () => {
  for (const { service_code, summary, promised, statutory } of guides) expect(summary.zh.length + promised.zh.length + statutory.zh.length, service_code).toBeLessThan(200);
});

test('every word of applicants, channels, conditions and certificates in the catalogue is explained', () => {
  for (const guide of guides) {
    const service = catalogue().services.get(guide.service_code)!;
    for (const { code, required, when } of service.materials) if (required === 'when') expect(conditionWords, `${service.code} ${code}`).toHaveProperty(when!);
    for (const { when } of service.fee_cases ?? []) expect(feeWords, service.code).toHaveProperty(when);
  }
  for (const [code, { certificates }] of catalogue().materials) for (const certificate of certificates) expect(certificateWords, code).toHaveProperty(certificate);
});

test('guides say what changes from one kind of item to another', () => {
  const said = guides.filter(({ service_code }) => ['0101', '0201', '0604', '0605', '1302', '1402', 'E102'].includes(service_code)).map((guide) => ({
    name: guide.name, way: guide.way, promised: guide.promised, statutory: guide.statutory, fee: guide.fee, presence: guide.presence, declaration: guide.declaration,
    papers: guide.papers.map(({ name, when, optional, instead }) => [name.zh, when?.zh ?? (optional ? '不是必需' : ''), ...instead.map(({ zh }) => zh)].filter(Boolean).join(' | ')),
  }));
  expect(said).toMatchSnapshot();
});

test('what is done online is offered online, and what only the police begin is offered to nobody', () => {
  const codes = (way: string) => [...catalogue().services.values()].filter((service) => isForCitizens(service) && wayOf(service) === way).map(({ code }) => code);
  expect(codes('counter')).toEqual(['0102', '0103', '0105', '0804', '0902', '0903', '0904', '1001', '1002', '1301', '1304', '1305']);
  expect(codes('precheck')).toEqual(['0104', '0202', '0404', '0601', '0602', '0603', '0604', '0606', '0802', '0803', '1101', '1102', '1103', '1201', '1202', '1402']);
  expect([...catalogue().services.values()].filter((service) => !isForCitizens(service)).map(({ code }) => code)).toEqual(['0203', 'E104', 'E105']);
});

test('every paper can be settled in some way, and signing in settles the identity card', () => {
  for (const [code, material] of catalogue().materials) expect(waysOf(material).length > 0, code).toBe(code !== 'M01' && !isNeverAsked(material));
});

test.each([
  ['孩子上户口', 'birth', []], ['小孩怎么上户口', 'birth', []], ['报出生', 'birth', []], ['shanghukou', 'birth', []],
  ['买房落户', 'move_home', ['0501', '0502', '0503']], ['户口从大理迁到昆明', 'move_home', ['0503']], ['qianhukou', 'move_home', ['0501']], ['qhk', 'move_home', []], ['转户口', 'move_home', []],
  ['身份证丢了怎么办', 'card_lost_or_expired', []], ['老人去世销户', 'death', []], ['改名字', 'wrong_information', []], ['换户主', 'marriage_and_household', []],
  ['改血型', 'wrong_information', ['0703']], ['我换工作单位了', null, ['0703']], ['县内移居', null, ['0501']], ['lost id card', 'card_lost_or_expired', []],
])('%s leads to the right place', (query, event, codes) => {
  const found = findByWords(query);
  if (event !== null) expect(found.events[0]).toBe(event);
  for (const code of codes) expect(found.services.map((service) => service.code)).toContain(code);
});

test('what means nothing here finds nothing', () => {
  for (const query of ['', ' ', '。', 'zzzzqq', '打车去机场', '天']) expect(findByWords(query)).toEqual({ services: [], events: [] });
});
