/** Messages to phones: queued by parcels, handed to the gateway by a job, followed until they are delivered or given up. */
import { log, readConfig, type Context, type Job } from '../../kernel/index.ts';
import { readSmsSecret, smsGateway, type SmsAnswer, type SmsGateway } from './sms-gateway.ts';

/** The signature 签名 before each text. */
export const signName = '云南户政';
const batch = 20;
/** Waits double from ten seconds up to half an hour: a day of outage is outlived. */
const attemptsMax = 60;
const waitSecondsFirst = 10;
const waitSecondsMax = 1800;
/** When the gateway is first asked whether a message arrived, and how often at most. */
const reportSeconds = 20;

export const messagePlace = (message_id: string, field: 'phone' | 'text'): string => `portal.message.${field}:${message_id}`;

interface MessageRow {
  message_id: string;
  phone_sealed: Buffer;
  text_sealed: Buffer;
  state: 'queued' | 'sent';
  attempts: number;
}

/**
 * Hands waiting messages to the gateway and asks after those handed over. A killed run is repeated with
 * the same ids, which the gateway sends once.
 * @returns how many were dealt with
 */
export async function sendWaitingMessages(context: Context, gateway: SmsGateway): Promise<number> {
  const rows = await context.query<MessageRow>(
    `select message_id, phone_sealed, text_sealed, state, attempts from portal.message
     where next_attempt_at <= $1 order by next_attempt_at, message_id limit ${batch} for update skip locked`, [context.now]);
  for (const row of rows) {
    const answer = row.state === 'sent' ? await gateway.stateOf(row.message_id) : await gateway.send({
      id: row.message_id, phone: open(context, row, 'phone'), text: open(context, row, 'text'), sign_name: signName,
    });
    await note(context, row, answer);
  }
  return rows.length;
}

function open(context: Context, row: MessageRow, field: 'phone' | 'text'): string {
  return context.keys.unseal(field === 'phone' ? row.phone_sealed : row.text_sealed, messagePlace(row.message_id, field)).toString();
}

interface Outcome {
  state: 'queued' | 'sent' | 'delivered' | 'failed';
  wait_seconds: number | null;
  error: string | null;
}

const waitAfter = (attempts: number, first: number): number => Math.min(waitSecondsMax, first * 2 ** Math.min(attempts, 20));

/** What becomes of a message after an answer of the gateway. */
function outcomeOf({ state, attempts }: Pick<MessageRow, 'state' | 'attempts'>, answer: SmsAnswer): Outcome {
  const isLast = attempts + 1 >= attemptsMax;
  switch (answer.kind) {
    case 'state':
      if (answer.state === 'delivered') return { state: 'delivered', wait_seconds: null, error: null };
      if (answer.state === 'undeliverable') return { state: 'failed', wait_seconds: null, error: 'undeliverable' };
      return isLast ? { state: 'failed', wait_seconds: null, error: 'no delivery report' } : { state: 'sent', wait_seconds: waitAfter(state === 'queued' ? 0 : attempts, reportSeconds), error: null };
    case 'refused': return { state: 'failed', wait_seconds: null, error: answer.reason };
    // The gateway lost it: it is given again under the same id.
    case 'unknown': return { state: 'queued', wait_seconds: waitSecondsFirst, error: 'unknown to the gateway' };
    case 'later': return isLast ? { state: 'failed', wait_seconds: null, error: answer.reason } : { state, wait_seconds: waitAfter(attempts, waitSecondsFirst), error: answer.reason };
  }
}

async function note(context: Context, row: MessageRow, answer: SmsAnswer): Promise<void> {
  const { state, wait_seconds, error } = outcomeOf(row, answer);
  await context.query(
    `update portal.message set state = $2, attempts = case when state = 'queued' and $2 = 'sent' then 0 else attempts + 1 end,
       next_attempt_at = $3::timestamptz + make_interval(secs => $4), last_error = $5, settled_at = case when $4::double precision is null then $3 end
     where message_id = $1`, [row.message_id, state, context.now, wait_seconds, error]);
  if (state === 'failed') log('warn', 'a message to a phone was given up', { message_id: row.message_id, error });
}

let gateway: SmsGateway | undefined;

/** Every five seconds, so that a message is on its way well within the minute. */
export const sendMessages: Job = {
  name: 'portal.send_messages',
  every_seconds: 5,
  async run(context) {
    const [waiting] = await context.query('select message_id from portal.message where next_attempt_at <= $1 limit 1', [context.now]);
    if (waiting === undefined) return 0;
    if (gateway === undefined) {
      const config = readConfig();
      gateway = smsGateway(config.sms_gateway_url, readSmsSecret(config.key_directory));
    }
    return sendWaitingMessages(context, gateway);
  },
};
