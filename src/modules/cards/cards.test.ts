import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId, readAgreedSecret, signedWire, transact, type Context, type OfficerActor, type OpenTransaction } from '../../kernel/index.ts';
import { startCardProductionSimulator, type CardProductionSimulator } from '../../programs/simulators/card-production.ts';
import { checkCharacter } from '../reference/index.ts';
import { openNeighbourhood, type Neighbourhood } from '../../../test/harness/neighbours.ts';
import { cardFacts, cardProduction, errandsOver, invalidateCards, issueTemporaryCard, loadCards, orderCard, productionSecret, reportLoss, subscriptions, type CardItems, type CardOrder, type CardProduction } from './index.ts';
import { cancelCard, confirmDelivery, dispatchCard, handOverCard, keepFoundCard, reorderCard, settleFee, settleFoundCard, withdrawLoss, type HandOver } from './hand-over.ts';
import { followOrders } from './produce.ts';
import { listApplications } from './queries.ts';
import { monthsAfter, validityOf } from './validity.ts';

const station = '530102510000';
const elsewhere = '530111500000';
const county = '530102000000';
let hood: Neighbourhood;
let factory: CardProductionSimulator;
let production: CardProduction;

beforeAll(async () => {
  hood = await openNeighbourhood();
  factory = await startCardProductionSimulator({ port: 0, data_directory: hood.directory, step_after_ms: 0 });
  production = productionOf(5000);
});
afterAll(async () => {
  await factory.close();
  await hood.close();
});
beforeEach(async () => {
  for (const about of [undefined, 'orders', 'losses']) factory.fail({ mode: 'work', times: 0, about });
  // What earlier tests left under way would take the faults that are meant for others.
  await hood.db.owner.query(`update cards.production_order set state = 'cancelled', settled_at = now(), next_attempt_at = null where settled_at is null`);
});

const productionOf = (patience_ms: number): CardProduction => cardProduction(signedWire({ url: factory.address, secret: readAgreedSecret(join(hood.directory, 'keys'), productionSecret), patience_ms }));

const officerAt = (org_code: string): OfficerActor => ({
  kind: 'officer', officer_id: newId(), officer_kind: 'police', name: '赵敏', police_number: '530001', post_id: newId(), role: 'station_officer', org_code, org_level: 'STATION',
  org_from: org_code, org_to: `${org_code}~`, permissions: new Set(), services: new Map(), session_id: newId(), acting_for: null,
});
/** An officer of a station acts at the counter. */
const atCounter = async <T>(work: (context: Context) => Promise<T>, org_code = station): Promise<T> =>
  (await transact(hood.db.database, { clock: hood.clock, blobs: hood.worker.blobs, keys: hood.keys, operation: 'test', actor: officerAt(org_code) }, work)).answer;
const go = (minutes = 0) => hood.run(errandsOver(() => production), minutes);
const open: OpenTransaction = (work) => hood.act(work);

const person = (changes: Partial<CardItems> = {}): CardItems => ({ person_id: newId(), id_number: '530102198001019017', name: '李明', sex: '1', ethnicity: '03', birth_on: '1980-01-01', address_text: '云南省昆明市五华区人民中路1号', ...changes });
const order = (who: CardItems, changes: Partial<CardOrder> = {}) => hood.act((context) => orderCard(context, {
  case_id: newId(), person: who, station_code: station, signed_by_org: county, reason: '21', fee_fen: 0, portrait_reference: 'P-1', fingerprint_reference: 'F-1', delivery: 'counter', ...changes,
}));
const stateOf = async (application_id: string) => (await hood.db.owner.query('select state from cards.application where application_id = $1', [application_id])).rows[0].state as string;
const facts = async (person_id: string) => (await hood.act((context) => cardFacts(context, [person_id])))[0]!;
const given = (order_no: string) => factory.orders().get(order_no)?.given;
const self: Omit<HandOver, 'application_id'> = { receiver_name: '李明', receiver_relation: 'self', check_kind: 'fingerprint', check_result: 'match', check_reference: 'C-1', old_card: 'surrendered' };
const handOver = (application_id: string, changes: Partial<HandOver> = {}, org_code = station) => atCounter((context) => handOverCard(context, { application_id, ...self, ...changes }), org_code);
/** A card in force, made and handed over. */
async function bearer(changes: Partial<CardItems> = {}): Promise<CardItems> {
  const who = person(changes);
  const { application_id } = await order(who, { reason: '12' });
  await go(5);
  await handOver(application_id, { old_card: 'none' });
  return who;
}

describe('validity', () => {
  test.each([
    ['a newborn', '2026-11-23', '2026-11-23', '2031-11-23'], ['the day before sixteen', '2010-11-24', '2026-11-23', '2031-11-23'], ['sixteen today', '2010-11-23', '2026-11-23', '2036-11-23'],
    ['the last day of twenty-five', '2000-11-24', '2026-11-23', '2036-11-23'], ['twenty-six today', '2000-11-23', '2026-11-23', '2046-11-23'],
    ['the last day of forty-five', '1980-11-24', '2026-11-23', '2046-11-23'], ['forty-six today', '1980-11-23', '2026-11-23', null], ['signed on 29 February', '1990-01-01', '2028-02-29', '2048-02-29'],
    ['ends in a year without 29 February', '2024-01-01', '2028-02-29', '2033-02-28'],
  ])('%s', (_, birth_on, signed_on, valid_until_on) => {
    expect(validityOf(birth_on, signed_on)).toEqual({ valid_from_on: signed_on, valid_until_on });
  });

  test('three months after the last of November is the last of February', () => {
    expect(monthsAfter('2026-11-30', 3)).toBe('2027-02-28');
  });
});

describe('from order to hand-over', () => {
  test('a card is made once, brought to the station and in force when it is handed over', async () => {
    const who = person();
    const case_id = newId();
    const { application_id, order_no } = await order(who, { case_id });
    expect(await facts(who.person_id)).toMatchObject({ application: { application_id, state: 'ordered' }, card: null });
    await go();
    expect(await stateOf(application_id)).toBe('in_production');
    await go(1);
    expect(await stateOf(application_id)).toBe('produced');
    expect((await facts(who.person_id)).card).toBeNull();
    await go(1);
    expect(await stateOf(application_id)).toBe('ready');
    expect((await hood.news()).filter(({ name, payload }) => name === 'cards.card_ready' && payload['case_id'] === case_id)).toMatchObject([{ payload: { application_id, station_code: station } }]);
    await handOver(application_id);
    expect(await facts(who.person_id)).toMatchObject({ application: null, card: { state: 'in_force', valid_until_on: null } });
    expect(factory.orders().get(order_no)).toMatchObject({ given: 1, order: { items: { name: '李明' }, validity: { until_on: null }, deliver_to: station } });
  });

  test('a new card ends the old one, and the temporary one with it', async () => {
    const who = await bearer({ birth_on: '1990-01-01' });
    const before = (await facts(who.person_id)).card!;
    const { application_id } = await order(who);
    const temporary = await hood.act((context) => issueTemporaryCard(context, { case_id: newId(), person: who, station_code: station, purpose: null, fee_fen: 0 }));
    expect(temporary).toMatchObject({ valid_from_on: expect.any(String), temporary_card_no: expect.stringMatching(/^L5301022026/) });
    await go(5);
    await expect(handOver(application_id, { old_card: 'none' })).rejects.toMatchObject({ code: 'cards.old_card_needed' });
    await handOver(application_id);
    expect((await facts(who.person_id)).card!.card_id).not.toBe(before.card_id);
    expect((await facts(who.person_id)).temporary).toBeNull();
    expect((await hood.db.owner.query('select state, state_reason from cards.card where card_id = $1', [before.card_id])).rows).toEqual([{ state: 'replaced', state_reason: 'renewed' }]);
  });

  test('of ten applications of one person at once one is taken', async () => {
    const who = person();
    const tries = await Promise.allSettled(Array.from({ length: 10 }, () => order(who)));
    expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    expect(new Set(tries.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : [])))).toEqual(new Set(['cards.in_hand_already']));
  });

  test('nothing is made before the fee is settled; a fee is settled once', async () => {
    const { application_id, order_no } = await order(person(), { fee_fen: 2000 });
    await go(5);
    expect([await stateOf(application_id), given(order_no)]).toEqual(['ordered', undefined]);
    await atCounter((context) => settleFee(context, { application_id, outcome: 'paid', note: '票据 0012345' }));
    await expect(atCounter((context) => settleFee(context, { application_id, outcome: 'waived', note: '低保' }))).rejects.toMatchObject({ code: 'cards.fee_settled' });
    await go();
    expect([await stateOf(application_id), given(order_no)]).toEqual(['in_production', 1]);
  });

  test('only whom it belongs to gets it: the wrong receiver, a comparison that differs and a wrong document leave it where it is', async () => {
    const { application_id } = await order(person());
    const { application_id: child } = await order(person({ birth_on: '2015-01-01' }), { reason: '11' });
    await expect(handOver(application_id)).rejects.toMatchObject({ code: 'cards.not_ready' });
    await go(5);
    for (const [wrong, code] of [
      [{ check_result: 'mismatch' }, 'cards.identity_not_proved'], [{ check_kind: 'document', check_result: 'seen' }, 'cards.identity_not_proved'], [{ receiver_relation: 'guardian' }, 'cards.receiver_wrong'],
    ] as const) await expect(handOver(application_id, wrong)).rejects.toMatchObject({ code });
    await expect(handOver(child, { old_card: 'none' })).rejects.toMatchObject({ code: 'cards.receiver_wrong' });
    expect([await stateOf(application_id), await stateOf(child)]).toEqual(['ready', 'ready']);
    await handOver(child, { receiver_relation: 'guardian', check_kind: 'document', check_result: 'seen', old_card: 'none' });
    await handOver(application_id, { receiver_relation: 'agent', check_kind: 'document', check_result: 'seen' });
  });

  test('two clerks hand a card over once', async () => {
    const { application_id } = await order(person());
    await go(5);
    const tries = await Promise.allSettled([1, 2, 3].map(() => handOver(application_id)));
    expect(tries.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
  });

  test('another station sees nothing of it, the one that was chosen for delivery does', async () => {
    const { application_id } = await order(person(), { delivery_station: elsewhere });
    await go(5);
    await expect(handOver(application_id, {}, '530111510000')).rejects.toMatchObject({ code: 'cards.application_not_found' });
    expect((await atCounter((context) => listApplications(context, { state: 'ready' }), elsewhere)).applications).toMatchObject([{ application_id, id_number_masked: '530102********9017' }]);
    await handOver(application_id, {}, elsewhere);
  });

  test('by courier it is in force when the receipt has come back', async () => {
    const who = person();
    const { application_id } = await order(who, { delivery: 'courier', delivery_address: '昆明市五华区人民中路1号' });
    await go(5);
    await atCounter((context) => dispatchCard(context, { application_id, courier_no: 'SF1234567890', receiver_name: '李明', old_card: 'surrendered' }));
    expect(await facts(who.person_id)).toMatchObject({ application: { state: 'dispatched' }, card: null });
    await atCounter((context) => confirmDelivery(context, { application_id }));
    expect((await facts(who.person_id)).card).toMatchObject({ state: 'in_force' });
  });

  test('what production sends back is mended and ordered again, or cancelled with the fee due back', async () => {
    const who = person();
    const { application_id } = await order(who, { portrait_reference: 'P-BLUR', fee_fen: 2000 });
    await atCounter((context) => settleFee(context, { application_id, outcome: 'paid', note: '票据 0012346' }));
    await go();
    expect([await stateOf(application_id), (await facts(who.person_id)).application?.state]).toEqual(['rejected', 'rejected']);
    expect((await hood.news()).at(-1)).toMatchObject({ name: 'cards.order_rejected', payload: { application_id, reason: expect.stringContaining('模糊') } });
    await atCounter((context) => reorderCard(context, { application_id }));
    await go();
    expect(await stateOf(application_id)).toBe('rejected');
    await atCounter((context) => cancelCard(context, { application_id, reason: '申请人放弃' }));
    expect((await hood.db.owner.query('select state, fee_state from cards.application where application_id = $1', [application_id])).rows).toEqual([{ state: 'cancelled', fee_state: 'refund_due' }]);
    await atCounter((context) => settleFee(context, { application_id, outcome: 'refunded', note: '退费 0012346' }));
    await order(who);
  });
});

describe('the wire', () => {
  test.each(['down', 'slow', 'forged', 'garbled', 'silent'] as const)('a production that is %s makes a card once', async (mode) => {
    factory.fail({ mode, times: 2, about: 'orders' });
    const { application_id, order_no } = await order(person());
    if (mode === 'slow') production = productionOf(200);
    await go();
    expect(await stateOf(application_id)).toBe('ordered');
    await go(2);
    production = productionOf(5000);
    await go(6);
    expect(await stateOf(application_id)).toBe('ready');
    expect(given(order_no)).toBeGreaterThanOrEqual(mode === 'down' ? 1 : 3);
    expect((await hood.db.owner.query('select count(*)::int as n from cards.card where application_id = $1', [application_id])).rows[0].n).toBe(1);
  });

  test('a worker killed between ordering and noting is followed by one whose order is the same card', async () => {
    const { application_id, order_no } = await order(person());
    const dying: CardProduction = { ...production, order: async (wire) => { await production.order(wire); throw new Error('killed'); } };
    await expect(followOrders(open, () => dying)).rejects.toThrow('killed');
    await go(5);
    expect([await stateOf(application_id), given(order_no)]).toEqual(['ready', 2]);
    expect((await hood.db.owner.query('select count(*)::int as n from cards.card where application_id = $1', [application_id])).rows[0].n).toBe(1);
  });

  test('a production that has lost an order gets it again', async () => {
    const { application_id, order_no } = await order(person());
    await go();
    (factory.orders() as Map<string, unknown>).delete(order_no);
    await go(8);
    expect([await stateOf(application_id), given(order_no)]).toEqual(['ready', 1]);
  });
});

describe('losses, ends and finds', () => {
  const lose = (who: CardItems, case_id = newId()) => hood.act((context) => reportLoss(context, { case_id, person_id: who.person_id, id_number: who.id_number, station_code: station, lost_on: '2026-11-20' }));

  test('a lost card is out of force at once and told to the register of losses once, though it is down at first', async () => {
    const who = await bearer();
    factory.fail({ mode: 'down', times: 1, about: 'losses' });
    const { report_no } = await lose(who);
    expect(await facts(who.person_id)).toMatchObject({ card: { state: 'lost' }, losses: 1 });
    await go(2);
    expect(factory.losses().get(report_no)).toEqual(['report']);
    await atCounter((context) => withdrawLoss(context, { report_no }));
    await go();
    expect([factory.losses().get(report_no), (await facts(who.person_id)).card?.state]).toEqual([['report', 'withdrawal'], 'in_force']);
    await expect(atCounter((context) => withdrawLoss(context, { report_no }))).rejects.toMatchObject({ code: 'cards.loss_not_open' });
  });

  test('once the new card is under way the old one stays lost', async () => {
    const who = await bearer();
    const { report_no } = await lose(who);
    const { application_id } = await order(who, { reason: '31' });
    await expect(atCounter((context) => withdrawLoss(context, { report_no }))).rejects.toMatchObject({ code: 'cards.loss_not_open' });
    await go(5);
    await handOver(application_id, { old_card: 'lost' });
    expect((await hood.db.owner.query('select state from cards.card where person_id = $1 order by recorded_at', [who.person_id])).rows.map((row) => row.state)).toEqual(['lost', 'in_force']);
  });

  test('a death ends every card and what is under way; a fee that was paid is due back', async () => {
    const who = await bearer();
    const { application_id } = await order(who, { fee_fen: 2000 });
    await atCounter((context) => settleFee(context, { application_id, outcome: 'paid', note: '票据 0012347' }));
    await hood.act((context) => subscriptions['population.person_died']!(context, { person_id: who.person_id } as never));
    expect(await facts(who.person_id)).toMatchObject({ application: null, card: { state: 'invalid', state_reason: 'person_died' } });
    expect((await hood.db.owner.query('select state, fee_state from cards.application where application_id = $1', [application_id])).rows).toEqual([{ state: 'cancelled', fee_state: 'refund_due' }]);
    await go(5);
    expect(await stateOf(application_id)).toBe('cancelled');
  });

  test('a changed name ends the card, but not the one that was applied for after the change', async () => {
    const who = await bearer();
    const changed_at = hood.clock.now();
    hood.clock.advanceMinutes(5);
    const { application_id } = await order({ ...who, name: '李铭' }, { reason: '22' });
    await hood.act((context) => subscriptions['population.identity_changed']!(context, { person_id: who.person_id, at: changed_at.toISOString(), items: ['name'] } as never));
    expect(await facts(who.person_id)).toMatchObject({ application: { application_id }, card: { state: 'invalid', state_reason: 'items_changed' } });
    await go(5);
    await handOver(application_id);
    await hood.act((context) => invalidateCards(context, { person_id: who.person_id, reason: 'items_changed', before: changed_at }));
    expect((await facts(who.person_id)).card).toMatchObject({ state: 'in_force' });
  });

  test('a temporary card needs an application, is one at a time and lasts three months', async () => {
    const who = person();
    const issue = () => hood.act((context) => issueTemporaryCard(context, { case_id: newId(), person: who, station_code: station, purpose: '乘机', fee_fen: 1000 }));
    await expect(issue()).rejects.toMatchObject({ code: 'cards.not_applied_for' });
    await order(who);
    const { valid_from_on, valid_until_on } = await issue();
    expect(valid_until_on).toBe(monthsAfter(valid_from_on, 3));
    await expect(issue()).rejects.toMatchObject({ code: 'cards.temporary_in_force' });
    hood.clock.advanceMinutes(100 * 24 * 60);
    await issue();
  });

  test('a found card is kept once and given back or destroyed once', async () => {
    const keep = (id_number: string) => atCounter((context) => keepFoundCard(context, { id_number, found_place: '翠湖公园' }));
    await expect(keep('530102198001019010')).rejects.toMatchObject({ code: 'cards.number_wrong' });
    const lost = `53010219820202902${checkCharacter('53010219820202902')}`;
    const { found_id } = await keep(lost);
    await expect(keep(lost)).rejects.toMatchObject({ code: 'cards.found_kept_already' });
    await atCounter((context) => settleFoundCard(context, { found_id, outcome: 'returned', note: '本人领回' }));
    await expect(atCounter((context) => settleFoundCard(context, { found_id, outcome: 'destroyed', note: '重复处理' }))).rejects.toMatchObject({ code: 'cards.found_not_kept' });
    await keep(lost);
  });

  test('cards from before this system are brought in once', async () => {
    const who = person();
    const card = { card_id: newId(), person_id: who.person_id, id_number: who.id_number, station_code: station, card_serial: null, valid_from_on: '2010-01-01', valid_until_on: '2030-01-01' };
    expect([await loadCards(hood.db.owner, [card], hood.clock.now()), await loadCards(hood.db.owner, [card], hood.clock.now())]).toEqual([1, 0]);
    expect((await facts(who.person_id)).card).toMatchObject({ state: 'in_force', valid_until_on: '2030-01-01' });
  });
});
