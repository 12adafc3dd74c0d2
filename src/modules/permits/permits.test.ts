import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId, readAgreedSecret, signedWire, type OpenTransaction } from '../../kernel/index.ts';
import { startMigrationNetworkSimulator, type MigrationNetworkSimulator } from '../../programs/simulators/migration-network.ts';
import { openNeighbourhood, type Neighbourhood } from '../../../test/harness/neighbours.ts';
import { deliverMessages, receiveMessages } from './deliver.ts';
import {
  consumeCertificate, errandsOver, findCertificate, findCertificateOfPermit, findPaper, findPermit, issueCertificate, issuePermit, jobs, migrationNetwork, networkSecret, pairLegs, papersOfCase, reissuePaper,
  requestPaper, returnHome, voidPaper, type MigrationNetwork, type PaperMover, type WirePaper,
} from './index.ts';
import { pairingFaults } from './pairing.ts';

const station = '530102510000';
let hood: Neighbourhood;
let nation: MigrationNetworkSimulator;
let network: MigrationNetwork;

beforeAll(async () => {
  // The simulator lives in real time; its papers should be valid on the day of the test.
  hood = await openNeighbourhood(new Date().toISOString());
  nation = await startMigrationNetworkSimulator({ port: 0, data_directory: hood.directory, answer_after_ms: 3_600_000, own_province: '53' });
  network = networkOf(5000);
});
afterAll(async () => {
  await nation.close();
  await hood.close();
});
beforeEach(async () => {
  nation.fail({ mode: 'work', times: 0 });
  hood.clock.set(new Date());
  await go();
  nation.hasten();
  await go();
});

const networkOf = (patience_ms: number): MigrationNetwork => migrationNetwork(signedWire({ url: nation.address, secret: readAgreedSecret(join(hood.directory, 'keys'), networkSecret), patience_ms }));
const go = (minutes = 0) => hood.run(errandsOver(() => network), minutes);
const open: OpenTransaction = (work) => hood.act(work);

let people = 0;
/** Somebody of Chengdu whose number ends as wanted; check digits are not looked at on papers of the network. */
const mover = (last = '1', name = '张三'): PaperMover => ({ id_number: `5101041990010190${String(people++ % 10)}${last}`.slice(0, 17).padEnd(17, '0') + last, name, sex: '1', birth_on: '1990-01-01', relation: '02', items: { ethnicity: '03' } });
const permit = (one: PaperMover, case_id = newId()) => hood.act((context) => issuePermit(context, { case_id, station_code: station, from_area: '510104', to_area: '530102', to_address: '云南省昆明市五华区人民中路1号', reason: '31', movers: [one] })).then((paper) => ({ case_id, ...paper }));
const certificate = (one: PaperMover, case_id = newId()) => hood.act((context) => issueCertificate(context, { case_id, station_code: station, permit_number: null, from_area: '530102', to_area: '510104', to_address: null, reason: '01', movers: [one] })).then((paper) => ({ case_id, ...paper }));
const paper = (number: string) => hood.act((context) => findPaper(context, number));
const state = async (number: string) => (await paper(number))?.state;
const messages = async (number: string) => (await hood.db.owner.query('select kind, state from permits.message where number = $1 order by message_no', [number])).rows.map((row) => `${row.kind} ${row.state}`);
const told = async (name: string, number: string) => (await hood.news()).filter((news) => news.name === name && news.payload['number'] === number);
const onNetwork = (number: string) => nation.papers().find((one) => one.paper.number === number);
/** A permit of ours, answered by the origin's certificate. */
async function answered(): Promise<{ case_id: string; permit: string; certificate: string }> {
  const { case_id, number } = await permit(mover());
  await go();
  nation.hasten();
  await go();
  return { case_id, permit: number, certificate: (await hood.act((context) => findCertificateOfPermit(context, number)))!.number };
}

describe('an arrival', () => {
  test('a permit is valid forty days, numbered without holes and published once', async () => {
    const [one, two] = [await permit(mover()), await permit(mover())];
    expect(Number(two.number.slice(-8)) - Number(one.number.slice(-8))).toBe(1);
    expect(one.number).toMatch(/^53Z20\d\d0000\d{4}$/);
    expect((Date.parse(one.valid_until_on) - Date.parse(one.issued_on)) / 86_400_000).toBe(40);
    await go();
    expect([await messages(one.number), onNetwork(one.number)?.state]).toEqual([['publish accepted'], 'issued']);
    expect(await hood.act((context) => findPermit(context, one.number))).toMatchObject({ is_ours: true, other_province: '51', movers: [{ name: '张三', items: { ethnicity: '03' } }] });
    expect(await hood.act((context) => findCertificate(context, one.number))).toBeUndefined();
  });

  test('the origin answers with a certificate that carries what the register needs, told to the case of the permit', async () => {
    const { case_id, permit, certificate } = await answered();
    expect(await paper(certificate)).toMatchObject({ kind: 'migration_certificate', is_ours: false, issuer_province: '51', station_code: station, permit_number: permit, state: 'issued', movers: [{ items: { birthplace: '510104' } }] });
    expect(await told('permits.certificate_arrived', certificate)).toMatchObject([{ payload: { case_id, permit_number: permit } }]);
  });

  test('using the certificate uses up the permit and tells the origin', async () => {
    const { permit, certificate } = await answered();
    const case_id = newId();
    await hood.act((context) => consumeCertificate(context, { number: certificate, case_id }));
    expect([await state(certificate), await state(permit)]).toEqual(['consumed', 'consumed']);
    expect((await hood.act((context) => papersOfCase(context, case_id))).map((one) => one.number).sort()).toEqual([certificate, permit].sort());
    await go();
    expect(onNetwork(certificate)?.state).toBe('consumed');
  });

  test('of ten who would use a certificate at once one does', async () => {
    const { certificate } = await answered();
    const tries = await Promise.allSettled(Array.from({ length: 10 }, () => hood.act((context) => consumeCertificate(context, { number: certificate, case_id: newId() }))));
    expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    expect(tries.filter((one) => one.status === 'rejected').map((one) => [one.reason.code, one.reason.text.zh])).toEqual(Array.from({ length: 9 }, () => ['permits.paper_not_usable', expect.stringContaining('已使用')]));
    await go();
    expect((await messages(certificate))).toEqual(['consume accepted']);
  });

  test('an expired certificate admits nobody', async () => {
    const { certificate } = await answered();
    hood.clock.advanceMinutes(31 * 24 * 60);
    await expect(hood.act((context) => consumeCertificate(context, { number: certificate, case_id: newId() }))).rejects.toMatchObject({ code: 'permits.paper_not_usable' });
    expect(await state(certificate)).toBe('issued');
  });

  test('a permit that the origin declines is returned with the reason; one that nobody answers runs out and its case is told', async () => {
    const [declined, ignored] = [await permit(mover('X')), await permit(mover('0'))];
    await go();
    nation.hasten();
    await go();
    expect(await told('permits.permit_declined', declined.number)).toMatchObject([{ payload: { case_id: declined.case_id, reason: expect.stringContaining('不同意') } }]);
    expect([await state(declined.number), await state(ignored.number)]).toEqual(['returned', 'issued']);
    hood.clock.advanceMinutes(40 * 24 * 60);
    await hood.act((context) => jobs[0]!.run(context));
    expect(await state(ignored.number)).toBe('issued');
    hood.clock.advanceMinutes(24 * 60);
    await hood.act((context) => jobs[0]!.run(context));
    await hood.act((context) => jobs[0]!.run(context));
    expect(await told('permits.paper_expired', ignored.number)).toMatchObject([{ payload: { case_id: ignored.case_id, is_ours: true } }]);
    expect(await state(ignored.number)).toBe('expired');
  });

  test('a certificate that the other province voids can no longer be used', async () => {
    const { certificate } = await answered();
    nation.say('void', certificate, '补发');
    await go();
    expect(await told('permits.paper_voided', certificate)).toHaveLength(1);
    await expect(hood.act((context) => consumeCertificate(context, { number: certificate, case_id: newId() }))).rejects.toMatchObject({ code: 'permits.paper_not_usable' });
  });

  test('a paper that is typed at the counter is fetched once, and one that nobody knows is known to be unknown', async () => {
    const shown: WirePaper = { ...nation.papers()[0]!.paper, number: '51Q202600009999', permit_number: null };
    nation.publish(shown);
    for (const number of [shown.number, shown.number, '51Q202600000404']) await hood.act((context) => requestPaper(context, { number, org_code: station }));
    await hood.act((context) => requestPaper(context, { number: shown.number, org_code: station }));
    expect(await messages(shown.number)).toEqual(['fetch waiting']);
    await hood.run([{ ...errandsOver(() => network)[0]!, go: (opened) => deliverMessages(opened, network) }]);
    expect(await paper(shown.number)).toMatchObject({ is_ours: false, station_code: station });
    expect([await told('permits.paper_fetched', shown.number), await told('permits.paper_fetched', '51Q202600000404')]).toMatchObject([[{ payload: { found: true } }], [{ payload: { found: false } }]]);
  });
});

describe('a departure', () => {
  test('a certificate is valid thirty days, and the arrival elsewhere is reported to its case', async () => {
    const { case_id, number, issued_on, valid_until_on } = await certificate(mover());
    expect((Date.parse(valid_until_on) - Date.parse(issued_on)) / 86_400_000).toBe(30);
    await go();
    nation.hasten();
    await go();
    expect(await told('permits.arrival_reported', number)).toMatchObject([{ payload: { case_id, arrived_on: expect.any(String) } }]);
    expect(await state(number)).toBe('consumed');
  });

  test('an arrival on the last day that is heard of after it is one all the same', async () => {
    const { number, valid_until_on } = await certificate(mover('0'));
    await go();
    hood.clock.advanceMinutes(40 * 24 * 60);
    await hood.act((context) => jobs[0]!.run(context));
    expect(await state(number)).toBe('expired');
    expect((await hood.db.owner.query(`select permits.turn_paper($1, 'consumed', $2, null, null) as obstacle`, [number, '2099-01-01'])).rows[0].obstacle).toBe('expired');
    expect((await hood.db.owner.query(`select permits.turn_paper($1, 'consumed', $2, null, null) as obstacle`, [number, valid_until_on])).rows[0].obstacle).toBeNull();
  });

  test('no certificate is issued on a permit that is unknown, used up or has run out', async () => {
    const shown: WirePaper = { ...nation.papers()[0]!.paper, kind: 'move_in_permit', number: '44Z202600007777', issuer_province: '44', permit_number: null };
    nation.publish(shown);
    await go();
    const order = (permit_number: string) => hood.act((context) => issueCertificate(context, { case_id: newId(), station_code: station, permit_number, from_area: '530102', to_area: '440106', to_address: null, reason: '31', movers: [mover()] }));
    await expect(order('44Z202600000000')).rejects.toMatchObject({ code: 'permits.paper_unknown' });
    const { number } = await order(shown.number);
    await go();
    nation.hasten();
    await go();
    expect([await state(number), await state(shown.number)]).toEqual(['consumed', 'consumed']);
    await expect(order(shown.number)).rejects.toMatchObject({ code: 'permits.paper_not_usable' });
  });

  test('a case issues one certificate', async () => {
    const { case_id } = await certificate(mover());
    await expect(certificate(mover(), case_id)).rejects.toMatchObject({ code: 'permits.issued_already' });
  });

  test('a reissued paper has a new number, and the network hears first that the old one is void', async () => {
    const before = await certificate(mover('0'));
    nation.fail({ mode: 'down', times: 1, about: 'void' });
    const after = await hood.act((context) => reissuePaper(context, { number: before.number, case_id: newId(), reason: '遗失' }));
    await go();
    expect([await messages(before.number), await messages(after.number)]).toEqual([['publish accepted', 'void waiting'], ['publish waiting']]);
    await go(2);
    expect([onNetwork(before.number)?.state, onNetwork(after.number)?.state]).toEqual(['void', 'issued']);
    await expect(hood.act((context) => voidPaper(context, { number: before.number, case_id: newId(), reason: '再次作废' }))).rejects.toMatchObject({ code: 'permits.paper_not_usable' });
  });

  test('a permit that was reissued is answered to the case that waits for it', async () => {
    const one = mover('0');
    const { case_id, number } = await permit(one);
    await go();
    const again = await hood.act((context) => reissuePaper(context, { number, case_id: newId(), reason: '遗失' }));
    await go();
    const arrived = { ...onNetwork(again.number)!.paper, kind: 'migration_certificate' as const, number: '51Q202600005555', issuer_province: '51', other_province: '53', permit_number: again.number };
    nation.publish(arrived);
    await go();
    expect(await told('permits.certificate_arrived', arrived.number)).toMatchObject([{ payload: { case_id } }]);
    expect((await hood.act((context) => findCertificateOfPermit(context, number)))?.number).toBe(arrived.number);
  });

  test('whoever did not settle elsewhere comes home: the certificate ends, here and on the network', async () => {
    const { number } = await certificate(mover('0'));
    const case_id = newId();
    await hood.act((context) => returnHome(context, { number, case_id, reason: '未落户' }));
    await go();
    expect([await state(number), onNetwork(number)?.state]).toEqual(['returned', 'returned']);
  });

  test('papers of other provinces are not ours to void, replace or return', async () => {
    const { certificate } = await answered();
    for (const act of [voidPaper, reissuePaper, returnHome]) await expect(hood.act<unknown>((context) => act(context, { number: certificate, case_id: newId(), reason: '测试作废' }))).rejects.toMatchObject({ code: 'permits.not_our_paper' });
  });
});

describe('the wire', () => {
  test.each(['down', 'slow', 'forged', 'garbled', 'silent'] as const)('a network that is %s takes a message once', async (mode) => {
    nation.fail({ mode, times: 2, about: 'publish' });
    const { number } = await permit(mover('0'));
    if (mode === 'slow') network = networkOf(200);
    await go();
    expect(await messages(number)).toEqual(['publish waiting']);
    await go(2);
    network = networkOf(5000);
    await go(4);
    expect([await messages(number), nation.taken().filter((one) => one['number'] === number)]).toEqual([['publish accepted'], [expect.objectContaining({ kind: 'publish' })]]);
  });

  test('a worker killed between sending and noting is followed by one whose repetition does nothing', async () => {
    const { number } = await permit(mover('0'));
    const dying: MigrationNetwork = { ...network, send: async (message) => { await network.send(message); throw new Error('killed'); } };
    await expect(deliverMessages(open, dying)).rejects.toThrow('killed');
    await go(2);
    expect([await messages(number), nation.taken().filter((one) => one['number'] === number)]).toEqual([['publish accepted'], [expect.anything()]]);
  });

  test('two workers that take in the same messages act on each once', async () => {
    const { number } = await certificate(mover());
    await go();
    nation.hasten();
    await Promise.all([1, 2, 3].map(() => receiveMessages(open, network)));
    expect(await told('permits.arrival_reported', number)).toHaveLength(1);
  });

  test('messages that nobody understands or that fit no paper stop no other', async () => {
    const sample = nation.papers()[0]!.paper;
    nation.publish({ ...sample, number: 'x' as string });
    nation.publish({ ...sample, number: '51Q202600001234', valid_until_on: '2000-01-01' });
    nation.say('consume', '53Q202600099999');
    const { number } = await certificate(mover());
    await go();
    nation.hasten();
    await go();
    expect(await told('permits.arrival_reported', number)).toHaveLength(1);
    expect((await hood.db.owner.query(`select outcome from permits.received_message where outcome <> 'done' order by sequence`)).rows.slice(-3).map((row) => row.outcome)).toEqual(['not_understood', 'not_understood', 'changed_nothing']);
  });

  test('a paper that claims to be ours and is not is kept by nobody', async () => {
    nation.publish({ ...nation.papers()[0]!.paper, number: '53Q202699999999', issuer_province: '53', other_province: '51' });
    await go();
    expect(await paper('53Q202699999999')).toBeUndefined();
  });
});

describe('pairing', () => {
  const ours = { is_ours: true, valid_until_on: '2026-12-01', is_replaced: false };
  const theirs = { ...ours, is_ours: false };
  test.each([
    ['in transit within the time', { ...ours, state: 'issued' }, ['5'], '2026-12-01', []],
    ['in transit a day longer (QR-072)', { ...ours, state: 'expired' }, ['5'], '2026-12-02', ['in_transit_too_long']],
    ['reissued in between', { ...ours, state: 'expired', is_replaced: true }, ['5'], '2026-12-02', []],
    ['gone by the paper, here by the register (QR-073)', { ...ours, state: 'issued' }, ['0'], '2026-11-20', ['in_two_registers']],
    ['settled elsewhere, still registered here (QR-073)', { ...ours, state: 'consumed' }, ['2', '0'], '2026-11-20', ['in_two_registers']],
    ['settled elsewhere, still in transit here (QR-074)', { ...ours, state: 'consumed' }, ['5'], '2026-11-20', ['legs_unpaired']],
    ['settled elsewhere and moved out here', { ...ours, state: 'consumed' }, ['2'], '2026-11-20', []],
    ['came home by the paper, still in transit here (QR-074)', { ...ours, state: 'returned' }, ['5'], '2026-11-20', ['legs_unpaired']],
    ['used here by somebody who is not registered (QR-074)', { ...theirs, state: 'consumed' }, [null], '2026-11-20', ['legs_unpaired']],
    ['used here by somebody who is', { ...theirs, state: 'consumed' }, ['0'], '2026-11-20', []],
    ['not used yet', { ...theirs, state: 'issued' }, [null], '2026-11-20', []],
  ] as const)('%s', (_, certificate, statuses, today, faults) => {
    expect(pairingFaults(certificate, statuses, today)).toEqual(faults);
  });

  test('an alarm is rung once, after a day, and goes when the records fit again', async () => {
    const { certificate } = await answered();
    await hood.act((context) => consumeCertificate(context, { number: certificate, case_id: newId() }));
    await hood.act(pairLegs);
    const alarms = async () => (await hood.db.owner.query('select rule, closed_by from permits.alarm join permits.paper using (paper_id) where number = $1', [certificate])).rows;
    expect(await alarms()).toEqual([]);
    hood.clock.advanceMinutes(25 * 60);
    await hood.act(pairLegs);
    await hood.act(pairLegs);
    expect(await alarms()).toEqual([{ rule: 'legs_unpaired', closed_by: null }]);
    expect(await told('permits.pairing_alarm', certificate)).toHaveLength(1);
    await hood.db.owner.query(`update permits.paper set state = 'issued' where number = $1`, [certificate]);
    await hood.act(pairLegs);
    expect(await alarms()).toEqual([{ rule: 'legs_unpaired', closed_by: 'system' }]);
  });
});
