import { expect, test } from 'vitest';
import { findByWords } from './plain-words.ts';
import { guideOf, waysOf } from './guide.ts';
import { catalogue } from './load.ts';

const guides = [...catalogue().services.values()].map((service) => guideOf(service, catalogue()));

test('every service has a whole guide in both languages', () => {
  for (const guide of guides) {
    const texts = [guide.name, guide.summary, guide.fee, guide.promised, guide.statutory, guide.identity, ...guide.who, ...guide.channels, ...guide.steps, ...guide.receive, ...guide.law];
    for (const { zh, en } of texts) expect(zh.length > 0 && en.length > 0, `${guide.service_code} ${zh}${en}`).toBe(true);
    for (const list of [guide.who, guide.channels, guide.papers, guide.steps, guide.receive, guide.law]) expect(list.length, guide.service_code).toBeGreaterThan(0);
  }
});

test('a guide is short enough to be read before starting', () => {
  for (const { service_code, summary, promised, statutory } of guides) expect(summary.zh.length + promised.zh.length + statutory.zh.length, service_code).toBeLessThan(200);
});

test('every word of applicants, channels, conditions and certificates in the catalogue is explained', () => {
  for (const guide of guides) {
    const service = catalogue().services.get(guide.service_code)!;
    expect(guide.who).toHaveLength(service.applicants.filter((applicant) => applicant !== 'police_ex_officio').length);
    expect(guide.channels).toHaveLength(service.channels.length);
    for (const paper of guide.papers) {
      if (service.materials.find(({ code }) => code === paper.code)!.required === 'when') expect(paper.when, paper.code).not.toBeNull();
      const material = catalogue().materials.get(paper.code)!;
      for (const certificate of material.certificates) expect(certificate.length > 0 && paper.instead.length > 0, `${paper.code} ${certificate}`).toBe(true);
    }
  }
});

test('every paper can be settled in some way, and signing in settles the identity card', () => {
  for (const [code, material] of catalogue().materials) expect(waysOf(material).length > 0, code).toBe(code !== 'M01');
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
