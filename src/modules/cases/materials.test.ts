/** The four rules in their order: which paper is asked for, which is not, and what is kept as evidence. */
import { describe, expect, it } from 'vitest';
import { catalogue, type Service } from '../catalogue/index.ts';
import type { KinFacts } from '../population/index.ts';
import { fileOf, householdOf, link, moverOf, serviceNamed, stations } from '../../../test/harness/case-facts.ts';
import type { SourceAnswer, StoredAnswer } from '../agencies/index.ts';
import { settleMaterials, type MaterialState, type SuppliedRow } from './materials.ts';

const now = new Date('2026-11-23T02:00:00Z');
const scan = { sha256: 'a'.repeat(64), media_type: 'image/png', file_name: '不动产权证.png', bytes: 1000 };

interface Situation {
  answers?: Record<string, unknown>;
  channel?: 'online' | 'window';
  identity_level?: number;
  supplied?: Partial<SuppliedRow>[];
  kin?: readonly KinFacts[];
  service?: Service;
  connected?: Record<string, SourceAnswer>;
  /** Nobody is in the register, so that nothing is cancelled for what it knows. */
  strangers?: boolean;
  /** A commitment of the applicant was broken: none is taken before this day. */
  barred_until?: string;
}

const supply = (code: string, supplied_by: SuppliedRow['supplied_by'], changes: Partial<SuppliedRow> = {}): SuppliedRow =>
  ({ code, version: 1, supplied_by, certificate_no: null, attachments: [], supplied_at: new Date('2026-11-22T08:00:00Z'), ...changes });

const answered = (source: string, asked_for: string, answer: SourceAnswer): StoredAnswer => ({
  query_id: `${source}/${asked_for}`, source: source as StoredAnswer['source'], matter: source, asked_for, answer, differing: [], reference: null, contract: `${source}/1`, asked_at: now, answered_at: now, is_open: false,
});

function settle({ answers = {}, channel = 'online', identity_level = 3, supplied = [], kin = [], service = serviceNamed('0503'), connected = {}, strangers = false, barred_until }: Situation): MaterialState[] {
  const file = fileOf({ channel, applicant_identity_level: identity_level, answers: { household_choice: 'new', housing_basis: 'owned', reason: '99', ...answers } });
  const home = householdOf('home', [{ name: '李明' }]);
  const there = householdOf('there', [{ name: '王芳', sex: '2' }, { name: '王父' }], { station_code: stations.here });
  const words = service.materials.flatMap(({ code }) => Object.entries(connected).map(([source, answer]) => answered(source, code, answer)));
  return settleMaterials(file, service, supplied as SuppliedRow[], { movers: strangers ? [] : [moverOf({ name: '李明' }, home)], parts: {}, applicant: null, target_members: strangers ? [] : there.members, kin, sources: words, enquired: false, commitments_barred_until: barred_until ?? null }, now);
}
const stateOf = (code: string, situation: Situation): MaterialState | undefined => settle(situation).find((material) => material.code === code);

describe('which materials are asked for', () => {
  it.each([
    ['an owned flat, an own household', {}, ['M01', 'M24']],
    ['a filed lease', { housing_basis: 'private_rent_filed' }, ['M01', 'M26']],
    ['a relative’s flat', { housing_basis: 'relative' }, ['M01', 'M27']],
    ['joining a household for marriage', { household_choice: 'join', housing_basis: 'relative', reason: '33' }, ['M01', 'M27', 'M21']],
    ['joining a household as kin', { household_choice: 'join', housing_basis: 'owned', reason: '31' }, ['M01', 'M24', 'M27', 'M23']],
  ])('%s', (_situation, answers, codes) => {
    expect(settle({ answers }).map((material) => material.code).sort()).toEqual([...codes].sort());
  });

  it('what is optional and not given is not missing', () => {
    expect(stateOf('M48', { service: serviceNamed('0703') })).toMatchObject({ state: 'optional', required: false });
  });
});

const married: Situation = { answers: { reason: '33' } };
describe('the rules stand in order: cancelled, verified online, certificate, commitment, provided', () => {
  const everything: Situation = {
    ...married, kin: [link('李明', 'spouse', '王芳')], connected: { marriage: 'match' }, supplied: [supply('M21', 'certificate', { certificate_no: 'J530102-2020-000001', attachments: [scan] })],
  };
  it('the register knows the marriage: cancelled, whatever else was brought', () => {
    expect(stateOf('M21', everything)).toMatchObject({ state: 'cancelled', evidence: { source: 'population' } });
  });
  it('unknown to the register, known to the marriage registry: verified online', () => {
    expect(stateOf('M21', { ...everything, kin: [] })).toMatchObject({ state: 'verified_online', evidence: { source: 'marriage', at: now.toISOString() } });
  });
  it('neither, but an existing certificate with its number', () => {
    const material = stateOf('M21', { ...everything, kin: [], connected: { marriage: 'not_found' } });
    expect(material).toMatchObject({ state: 'certificate', evidence: { source: 'applicant', at: '2026-11-22T08:00:00.000Z' } });
    expect(material!.evidence!.text.zh).toContain('J530102-2020-000001');
  });
  it('a scan is the last resort', () => {
    expect(stateOf('M21', { ...married, supplied: [supply('M21', 'provided', { attachments: [scan] })] })).toMatchObject({ state: 'provided', attachments: [scan] });
  });
  it('with nothing at all the paper is missing', () => {
    expect(stateOf('M21', married)).toMatchObject({ state: 'missing', required: true, evidence: null });
  });
  it.each([
    ['a father among those who are joined', [link('李明', 'father', '王父')], 'cancelled'],
    ['a child among those who are joined', [link('王父', 'father', '李明')], 'cancelled'],
    ['a mother who lives elsewhere', [link('李明', 'mother', '李母')], 'missing'],
    ['a spouse is no parent', [link('李明', 'spouse', '王芳')], 'missing'],
  ] as const)('kinship: %s', (_situation, kin, state) => {
    expect((stateOf('M23', { answers: { reason: '31' }, kin }))!.state).toBe(state);
  });
});

describe('a source counts only when it says yes', () => {
  it.each(['mismatch', 'not_found', 'unavailable'] as const)('%s is no match: the paper is asked for', (answer) => {
    expect((stateOf('M24', { connected: { real_estate: answer } }))!.state).toBe('missing');
  });
  it('a source that is down does not hide the paper that was brought', () => {
    expect((stateOf('M24', { connected: { real_estate: 'unavailable' }, supplied: [supply('M24', 'provided', { attachments: [scan] })] }))!.state).toBe('provided');
  });
  it('an agency that is not connected is asked nothing', () => {
    expect((stateOf('M24', {}))!.state).toBe('missing');
  });
});

describe('the identity of the applicant', () => {
  it.each([
    ['online with a live portrait (3)', 'online', 3, [], 'certificate'],
    ['online with real name only (2)', 'online', 2, [], 'missing'],
    ['at the counter, card seen', 'window', 4, [supply('M01', 'original')], 'provided'],
    ['applied online, card shown at the counter', 'online', 2, [supply('M01', 'original')], 'provided'],
    ['at the counter, nothing entered', 'window', 4, [], 'missing'],
    ['online, “provided” without a scan', 'online', 2, [supply('M01', 'provided')], 'missing'],
  ] as const)('%s', (_situation, channel, identity_level, supplied, state) => {
    expect((stateOf('M01', { channel, identity_level, supplied: [...supplied] }))!.state).toBe(state);
  });
});

describe('commitments', () => {
  const all = [...catalogue().materials.entries()].filter(([, material]) => material.cancelled_when !== 'always');
  /** A service that asks for this material and no other. */
  const asking = (code: string): Situation => ({ identity_level: 1, strangers: true, service: { ...serviceNamed('0503'), materials: [{ code, required: 'always' }] } });
  it.each(all.filter(([, material]) => material.commitment).map(([code]) => code))('%s may be promised in writing', (code) => {
    expect(stateOf(code, { ...asking(code), supplied: [supply(code, 'commitment')] })).toMatchObject({ state: 'commitment', evidence: { source: 'applicant' } });
  });
  it.each(all.filter(([, material]) => !material.commitment).map(([code]) => code))('%s is barred: a promise leaves it missing', (code) => {
    expect((stateOf(code, { ...asking(code), supplied: [supply(code, 'commitment')] }))!.state).toBe('missing');
  });
  it.each(all.filter(([, material]) => material.certificates.length === 0).map(([code]) => code))('%s has no certificate that replaces it', (code) => {
    expect((stateOf(code, { ...asking(code), supplied: [supply(code, 'certificate', { certificate_no: 'X' })] }))!.state).toBe('missing');
  });
});

describe('whoever broke a commitment', () => {
  const broken: Situation = { answers: { housing_basis: 'relative' }, barred_until: '2028-11-23' };
  it('is asked for the paper again, and the officer sees until when', () => {
    const material = stateOf('M27', { ...broken, supplied: [supply('M27', 'commitment')] });
    expect(material).toMatchObject({ state: 'missing', evidence: { source: 'commitment_check' } });
    expect(material!.evidence!.text.zh).toContain('承诺方式在 2028-11-23 前不可用');
    expect(material!.evidence!.text.en).toContain('2028-11-23');
  });
  it('may bring it in every other way', () => {
    expect(stateOf('M27', { ...broken, supplied: [supply('M27', 'original')] })!.state).toBe('provided');
    expect(stateOf('M27', { ...broken, supplied: [supply('M27', 'provided', { attachments: [scan] })] })!.state).toBe('provided');
  });
  it('hears nothing of it where no commitment would do anyway', () => {
    expect(stateOf('M24', { barred_until: '2028-11-23' })).toMatchObject({ state: 'missing', evidence: null });
  });
});

describe('the evidence', () => {
  it('of an original seen at the counter says how many scans lie with it', () => {
    const said = (attachments: SuppliedRow['attachments']) => stateOf('M24', { channel: 'window', supplied: [supply('M24', 'original', { attachments })] })!.evidence!.text.zh;
    expect([said([]), said([scan, scan])]).toEqual(['窗口已查验原件。', '窗口已查验原件,扫描 2 张。']);
  });
  it('every settlement says in both languages what, from where and when; what was provided speaks for itself', () => {
    const states = [
      ...settle({ ...married, kin: [link('李明', 'spouse', '王芳')], supplied: [supply('M24', 'provided', { attachments: [scan] })] }),
      ...settle({ channel: 'window', connected: { real_estate: 'match' }, supplied: [supply('M01', 'original')] }),
    ];
    const evidence = states.map(({ code, state, evidence: found }) => [code, state, found?.source ?? null]);
    expect(evidence).toEqual([
      ['M01', 'certificate', 'real_name_sign_in'], ['M24', 'provided', null], ['M21', 'cancelled', 'population'], ['M01', 'provided', 'counter'], ['M24', 'verified_online', 'real_estate'],
    ]);
    for (const { evidence: found } of states) if (found !== null) expect(Object.values(found.text).every((text) => text.length > 5)).toBe(true);
  });
});
