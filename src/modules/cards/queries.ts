import type { Context, InputOf, OutputOf } from '../../kernel/index.ts';
import { maskIdNumber } from '../reference/index.ts';
import type { ApplicationState } from './applications.ts';
import type { contract } from './contract.ts';
import { stateWords } from './hand-over.ts';

/** Applications of the caller's stations, those that have waited longest in their state first, a page at a time. */
export async function listApplications(context: Context, input: InputOf<typeof contract.listApplications>): Promise<OutputOf<typeof contract.listApplications>> {
  const limit = input.limit ?? 30;
  const rows = await context.query<{
    application_id: string; case_id: string; person_id: string; name: string; id_number: string; reason: string; state: ApplicationState; state_reason: string | null; state_at: Date; applied_at: Date;
    valid_from_on: string; valid_until_on: string | null; fee_fen: number; fee_state: string; delivery: string; delivery_address: string | null; order_no: string | null;
  }>(
    `select a.application_id, a.case_id, a.person_id, a.name, a.id_number, a.reason, a.state, a.state_reason, a.state_at, a.applied_at, a.valid_from_on::text as valid_from_on, a.valid_until_on::text as valid_until_on,
       a.fee_fen, a.fee_state, a.delivery, a.delivery_address, (select o.order_no from cards.production_order as o where o.application_id = a.application_id order by o.created_at desc, o.order_no desc limit 1) as order_no
     from cards.application as a
     where ($1::text is null or a.state = $1)
       and ($2::uuid is null or (a.state_at, a.application_id) > (select b.state_at, b.application_id from cards.application as b where b.application_id = $2))
     order by a.state_at, a.application_id limit $3`, [input.state ?? null, input.after ?? null, limit + 1]);
  const applications = rows.slice(0, limit).map(({ id_number, ...row }) => ({ ...row, id_number_masked: maskIdNumber(id_number), state_label: stateWords[row.state], state_at: row.state_at.toISOString(), applied_at: row.applied_at.toISOString() }));
  return { applications, next: rows.length > limit ? applications.at(-1)!.application_id : null };
}

/** Every card of a person that the caller may see, the newest first, with temporary cards and losses. */
export async function getCardsOfPerson(context: Context, { person_id }: InputOf<typeof contract.getCardsOfPerson>): Promise<OutputOf<typeof contract.getCardsOfPerson>> {
  const [cards, temporary, losses] = await Promise.all([
    context.query<{ card_id: string; state: string; state_reason: string | null; state_at: Date; valid_from_on: string; valid_until_on: string | null }>(
      'select card_id, state, state_reason, state_at, valid_from_on::text as valid_from_on, valid_until_on::text as valid_until_on from cards.card where person_id = $1 order by valid_from_on desc, card_id desc limit 50', [person_id]),
    context.query<{ temporary_card_no: string; state: string; valid_from_on: string; valid_until_on: string }>(
      'select temporary_card_no, state, valid_from_on::text as valid_from_on, valid_until_on::text as valid_until_on from cards.temporary_card where person_id = $1 order by valid_from_on desc, temporary_card_no desc limit 50', [person_id]),
    context.query<{ report_no: string; lost_on: string; reported_at: Date; withdrawn_at: Date | null; told_at: Date | null }>(
      'select report_no, lost_on::text as lost_on, reported_at, withdrawn_at, told_at from cards.loss_report where person_id = $1 order by reported_at desc, report_no desc limit 50', [person_id]),
  ]);
  return {
    person_id, temporary,
    cards: cards.map((card) => ({ ...card, state_at: card.state_at.toISOString() })),
    losses: losses.map((loss) => ({ ...loss, reported_at: loss.reported_at.toISOString(), withdrawn_at: loss.withdrawn_at?.toISOString() ?? null, told_at: loss.told_at?.toISOString() ?? null })),
  };
}

/** Found cards that the caller's stations keep, the longest kept first. */
export async function listFoundCards(context: Context): Promise<OutputOf<typeof contract.listFoundCards>> {
  const rows = await context.query<{ found_id: string; id_number: string; found_place: string | null; handed_in_at: Date }>(
    `select found_id, id_number, found_place, handed_in_at from cards.found_card where state = 'kept' order by handed_in_at, found_id limit 100`);
  return { found: rows.map(({ id_number, handed_in_at, ...row }) => ({ ...row, id_number_masked: maskIdNumber(id_number), handed_in_at: handed_in_at.toISOString() })) };
}
