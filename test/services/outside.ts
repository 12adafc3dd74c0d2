/** The others, as far as a walk needs them: another province, another authority, the card factory. */
import { newId, runErrand } from '../../src/kernel/index.ts';
import { errandsOver, type CardProduction } from '../../src/modules/cards/index.ts';
import type { CaseAtWork } from '../harness/case-at-work.ts';
import { postAt } from '../harness/case-at-work.ts';
import type { World } from '../harness/world.ts';
import { dayOf, hear } from './walk.ts';

export interface Stranger {
  name: string;
  id_number: string;
  sex: '1' | '2';
  birth_on: string;
  relation: string;
}

/** A paper of another province, as the national network has brought it. @returns its number */
export async function paperOfOthers(world: World, paper: { kind: 'move_in_permit' | 'migration_certificate'; movers: readonly Stranger[]; station_code: string; permit_number?: string | null; province?: string }): Promise<string> {
  const { owner } = world.police;
  const paper_id = newId();
  const province = paper.province ?? '51';
  const number = `${province}${paper.kind === 'move_in_permit' ? 'Z' : 'Q'}2026${paper_id.replace(/\D/gu, '').slice(-8).padStart(8, '7')}`;
  await owner.query(
    `insert into permits.paper (paper_id, kind, number, is_ours, issuer_province, other_province, station_code, permit_number, reason, from_area, to_area, to_address, issued_on, valid_until_on, recorded_at, state, state_at)
     values ($1, $2, $3, false, $4, '53', $5, $6, '99', '510107', '532901', '大理市', $7::date, $7::date + 30, $8, 'issued', $8)`,
    [paper_id, paper.kind, number, province, paper.station_code, paper.permit_number ?? null, dayOf(world), world.clock.now()]);
  for (const [at, mover] of paper.movers.entries()) {
    await owner.query(`insert into permits.mover (paper_id, position, id_number, name, sex, birth_on, relation, items) values ($1, $2, $3, $4, $5, $6, $7, '{"ethnicity":"01","native_place":"510107","birthplace":"510107","marital_status":"10"}')`,
      [paper_id, at + 1, mover.id_number, mover.name, mover.sex, mover.birth_on, at === 0 ? '01' : mover.relation]);
  }
  return number;
}

/** Our permit went out with the approval; the other province answers it with its certificate. */
export async function answerPermit(world: World, work: CaseAtWork, movers: readonly Stranger[]): Promise<void> {
  await world.settle();
  const { rows: [permit] } = await world.police.owner.query<{ number: string; station_code: string }>(`select number, station_code from permits.paper where case_id = $1 and kind = 'move_in_permit' and is_ours`, [work.id]);
  if (permit === undefined) throw new Error('no permit was issued');
  const number = await paperOfOthers(world, { kind: 'migration_certificate', movers, station_code: permit.station_code, permit_number: permit.number });
  await hear(world, 'permits.certificate_arrived', { number, permit_number: permit.number, case_id: work.id });
}

/** The authority approves what it was asked. */
export async function approveOpinion(world: World, work: CaseAtWork): Promise<void> {
  await world.settle();
  const { rows: [opinion] } = await world.police.owner.query<{ opinion_id: string; agency: string; stage: string }>(
    `update agencies.opinion set status = 'approved', document_no = '大民宗〔2026〕8号', decided_on = $2, settled_at = $3, status_at = $3, next_attempt_at = null, sealed = null where case_id = $1 and settled_at is null returning opinion_id, agency, stage`, [work.id, dayOf(world), world.clock.now()]);
  if (opinion === undefined) throw new Error('no opinion was asked for');
  await hear(world, 'agencies.opinion_changed', { case_id: work.id, ...opinion, status: 'approved' });
}

/** A factory that makes every card at once. */
const factory: CardProduction = {
  order: async ({ order_no }) => ({ kind: 'state', state: 'delivered', card_serial: `XP${order_no}` }),
  stateOf: async (order_no) => ({ kind: 'state', state: 'delivered', card_serial: `XP${order_no}` }),
  tellLoss: async () => ({ kind: 'told' }),
};

interface Ordered {
  application_id: string;
  fee_state: string;
  name: string;
  delivery_station: string;
}

async function atCardDesk(world: World, { application_id, delivery_station }: Ordered, verb: string, body: object): Promise<void> {
  const answer = await (await postAt(world, 'station_officer', delivery_station)).post(`/api/cards/applications/${application_id}/${verb}`, body);
  if (answer.status !== 200) throw new Error(`${verb}: ${answer.status} ${JSON.stringify(answer.body)}`);
}

async function orderOf(world: World, work: CaseAtWork): Promise<Ordered> {
  const { rows: [ordered] } = await world.police.owner.query<Ordered>('select application_id, fee_state, name, delivery_station from cards.application where case_id = $1', [work.id]);
  if (ordered === undefined) throw new Error('no card was ordered');
  return ordered;
}

/** The card is paid for, made, and lies at the station. */
export async function produceCard(world: World, work: CaseAtWork): Promise<void> {
  await world.settle();
  const ordered = await orderOf(world, work);
  if (ordered.fee_state === 'due') await atCardDesk(world, ordered, 'fee', { outcome: 'paid', note: '现金缴费,票号 0001' });
  for (const errand of errandsOver(() => factory)) while (((await runErrand(world.workers.police, errand)) ?? 0) > 0);
  await world.settle();
}

/** Compared with its bearer, and given to him. */
export async function handOverCard(world: World, work: CaseAtWork, old_card: 'surrendered' | 'lost' | 'none'): Promise<void> {
  const ordered = await orderOf(world, work);
  await atCardDesk(world, ordered, 'hand-over', { receiver_name: ordered.name, receiver_relation: 'self', check_kind: 'portrait', check_result: 'match', old_card });
  await world.settle();
}
