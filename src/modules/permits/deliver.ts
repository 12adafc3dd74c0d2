/** The errand to the national network: what waits is delivered, what has come is taken in, each thing once. */
import { errandClaimSeconds, log, retrySeconds, type Context, type Errand, type OpenTransaction } from '../../kernel/index.ts';
import type { MigrationNetwork, ReceivedMessage, WireMessage, WirePaper } from './network.ts';
import { takeMessage, takePaper } from './inbox.ts';
import { findPaper, ownProvince, type Paper } from './papers.ts';

const batch = 20;

interface Claimed {
  message_no: string;
  kind: 'publish' | 'consume' | 'void' | 'return' | 'fetch';
  number: string;
  to_province: string | null;
  asked_by_org: string | null;
  happened_on: string;
  reason: string | null;
  attempts: number;
}

function claimMessages(context: Context): Promise<Claimed[]> {
  return context.query<Claimed>(
    `with due as (
       select m.message_no from permits.message as m
       where m.next_attempt_at <= $1 and not exists (select from permits.message as before where before.message_no = m.waits_for and before.state = 'waiting')
         -- Of one paper first what happened first: who hears of its use must know it.
         and not exists (select from permits.message as before where before.number = m.number and before.state = 'waiting' and before.message_no < m.message_no)
       order by m.next_attempt_at, m.message_no limit ${batch} for update of m skip locked)
     update permits.message as m set next_attempt_at = $1::timestamptz + make_interval(secs => ${errandClaimSeconds}), attempts = attempts + 1
     from due where m.message_no = due.message_no
     returning m.message_no, m.kind, m.number, m.to_province, m.asked_by_org, m.happened_on::text as happened_on, m.reason, m.attempts`, [context.now]);
}

const wirePaper = ({ kind, number, issuer_province, other_province, permit_number, reason, from_area, to_area, to_address, issued_on, valid_until_on, movers }: Paper): WirePaper =>
  ({ kind, number, issuer_province, other_province, permit_number, reason, from_area, to_area, to_address, issued_on, valid_until_on, movers: movers.map((mover) => ({ ...mover, items: { ...mover.items } })) });

const wireMessage = (message: Claimed, province: string, paper: Paper | undefined): WireMessage => ({
  message_no: message.message_no, kind: message.kind, from_province: province, to_province: message.to_province!, number: message.number, happened_on: message.happened_on,
  ...(message.reason === null ? {} : { reason: message.reason }), ...(message.kind === 'publish' && paper !== undefined ? { paper: wirePaper(paper) } : {}),
});

type Said = { kind: 'settled'; state: 'accepted' | 'refused'; receipt_no: string | null; error: string | null } | { kind: 'later'; reason: string };

/** @returns whether this worker's attempt is the one that counts */
async function noteSaid(context: Context, message: Claimed, said: Said): Promise<boolean> {
  const [mine] = said.kind === 'settled'
    ? await context.query(
      `update permits.message set state = $3, receipt_no = $4, last_error = $5, settled_at = $6, next_attempt_at = null
       where message_no = $1 and attempts = $2 and state = 'waiting' returning message_no`, [message.message_no, message.attempts, said.state, said.receipt_no, said.error, context.now])
    : await context.query(
      `update permits.message set next_attempt_at = $3::timestamptz + make_interval(secs => $4), last_error = $5
       where message_no = $1 and attempts = $2 and state = 'waiting' returning message_no`, [message.message_no, message.attempts, context.now, retrySeconds(message.attempts), said.reason.slice(0, 300)]);
  return mine !== undefined;
}

async function deliver(open: OpenTransaction, network: MigrationNetwork, message: Claimed, province: string, paper: Paper | undefined): Promise<void> {
  if (message.kind === 'fetch') {
    const fetched = await network.fetch(message.number);
    await open(async (context) => {
      const said: Said = fetched.kind === 'later' ? fetched
        : fetched.kind === 'refused' ? { kind: 'settled', state: 'refused', receipt_no: null, error: fetched.reason }
        : { kind: 'settled', state: 'accepted', receipt_no: null, error: fetched.kind === 'unknown' ? 'unknown to the network' : null };
      if (!(await noteSaid(context, message, said)) || said.kind === 'later') return;
      const found = fetched.kind === 'paper';
      if (found) await takePaper(context, fetched.paper, { province, station_code: message.asked_by_org!, state: fetched.state });
      context.emit('permits.paper_fetched', { number: message.number, found });
    });
    return;
  }
  const delivery = await network.send(wireMessage(message, province, paper));
  await open(async (context) => {
    const said: Said = delivery.kind === 'later' ? delivery
      : { kind: 'settled', state: delivery.kind === 'taken' ? 'accepted' : 'refused', receipt_no: delivery.kind === 'taken' ? delivery.receipt_no : null, error: delivery.kind === 'refused' ? delivery.reason : null };
    if (!(await noteSaid(context, message, said)) || delivery.kind !== 'refused') return;
    log('warn', 'the migration network refused a message', { message_no: message.message_no, kind: message.kind, reason: delivery.reason });
    context.emit('permits.message_refused', { number: message.number, kind: message.kind, message_no: message.message_no, case_id: paper?.case_id ?? null, reason: delivery.reason });
  });
}

/** One round of what is to be sent. @returns messages that were dealt with */
export async function deliverMessages(open: OpenTransaction, network: MigrationNetwork): Promise<number> {
  const { province, messages } = await open(async (context) => {
    const messages = await claimMessages(context);
    return { province: await ownProvince(context), messages: await Promise.all(messages.map(async (message) => ({ message, paper: await findPaper(context, message.number) }))) };
  });
  await Promise.all(messages.map(({ message, paper }) => deliver(open, network, message, province, paper)));
  return messages.length;
}

/** Takes in what other provinces have sent since. @returns messages that were new */
export async function receiveMessages(open: OpenTransaction, network: MigrationNetwork): Promise<number> {
  const { province, after } = await open(async (context) => {
    const [row] = await context.query<{ after: number }>('select coalesce(max(sequence), 0)::int as after from permits.received_message');
    return { province: await ownProvince(context), after: row!.after };
  });
  const inbox = await network.inbox(province, after);
  if (inbox.kind === 'later') return 0;
  let taken = 0;
  for (const { numbered, message } of inbox.messages) {
    taken += await open((context) => takeOnce(context, province, numbered, message)).catch((error: unknown) => {
      if (!isAboutContent(error)) throw error;
      return open((context) => takeOnce(context, province, numbered, null));
    });
  }
  return taken;
}

/** What the database refuses because of what a message says would be refused for ever; whatever else went wrong is tried again. */
const isAboutContent = (error: unknown): boolean => /^2[23]/.test((error as { code?: string }).code ?? '');

/** A message and its effect are one transaction; the same again changes nothing. */
async function takeOnce(context: Context, province: string, numbered: { sequence: number; message_no: string; number?: string }, message: ReceivedMessage | null): Promise<number> {
  const [added] = await context.query(
    `insert into permits.received_message (sequence, message_no, kind, number, outcome, received_at) values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning sequence`,
    [numbered.sequence, numbered.message_no, message?.kind ?? 'unknown', numbered.number ?? '', message === null ? 'not_understood' : 'done', context.now]);
  if (added === undefined) return 0;
  if (message === null) {
    log('warn', 'a message of the migration network was not understood', { sequence: numbered.sequence });
    return 1;
  }
  await takeMessage(context, province, message);
  return 1;
}

export const networkErrand = (network: () => MigrationNetwork): Errand => ({
  name: 'permits.exchange_messages', every_seconds: 5,
  go: async (open) => (await deliverMessages(open, network())) + (await receiveMessages(open, network())),
});
