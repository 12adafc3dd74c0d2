/** Messages to the national network, written in the transaction of the act they tell of and delivered by the errand. */
import { legalDay, newId, type Context } from '../../kernel/index.ts';

export type MessageKind = 'publish' | 'consume' | 'void' | 'return' | 'fetch';

export interface MessageToQueue {
  kind: MessageKind;
  number: string;
  paper_id: string | null;
  to_province: string | null;
  reason?: string;
  /** Goes out only after this one was taken. */
  waits_for?: string | null;
  asked_by_org?: string;
}

/** @returns the number under which the network knows the message; the same fetch waits once */
export async function queueMessage(context: Context, message: MessageToQueue): Promise<string> {
  const message_no = newId();
  await context.query(
    `insert into permits.message (message_no, kind, number, paper_id, to_province, asked_by_org, happened_on, reason, waits_for, next_attempt_at, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) on conflict (number) where kind = 'fetch' and state = 'waiting' do nothing`,
    [message_no, message.kind, message.number, message.paper_id, message.to_province, message.asked_by_org ?? null, legalDay(context.now), message.reason ?? null, message.waits_for ?? null, context.now]);
  return message_no;
}
