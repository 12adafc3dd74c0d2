/** Papers of moves between provinces: issued, found, used once, voided, issued anew. Nothing leaves here but by a message that is written in the same transaction. */
import { legalDay, newId, Refusal, type Context } from '../../kernel/index.ts';
import { getBureau } from '../reference/index.ts';
import { queueMessage } from './outbox.ts';

export type PaperKind = 'move_in_permit' | 'migration_certificate';
export type PaperState = 'issued' | 'expired' | 'consumed' | 'void' | 'returned';

/** Somebody on a paper, with what the other province needs to register him. */
export interface PaperMover {
  id_number: string;
  name: string;
  sex: '1' | '2';
  /** yyyy-mm-dd */
  birth_on: string;
  /** GB/T 4761 to the first of the paper, who is 01 or 02. */
  relation: string;
  /** Further items by the names of the register: ethnicity, birthplace, native_place, education, marital_status, … */
  items: Readonly<Record<string, string>>;
}

export interface Paper {
  paper_id: string;
  kind: PaperKind;
  number: string;
  /** Issued by our province. */
  is_ours: boolean;
  /** Two digits. */
  issuer_province: string;
  other_province: string;
  /** Our station that handles the people. */
  station_code: string;
  case_id: string | null;
  permit_number: string | null;
  reason: string;
  from_area: string | null;
  to_area: string | null;
  to_address: string | null;
  issued_on: string;
  /** The last day on which it may be used. */
  valid_until_on: string;
  state: PaperState;
  state_at: Date;
  state_case_id: string | null;
  movers: PaperMover[];
}

export const paperColumns = `paper_id, kind, number, is_ours, issuer_province, other_province, station_code, case_id, permit_number, reason, from_area, to_area, to_address,
  issued_on::text as issued_on, valid_until_on::text as valid_until_on, state, state_at, state_case_id`;

/** Days between issue and the last day, as the bureau has them. 准迁证 40 天, 迁移证 30 天. */
const daysOf: Record<PaperKind, { parameter: string; usual: number }> = {
  move_in_permit: { parameter: 'move_in_permit_days', usual: 40 },
  migration_certificate: { parameter: 'migration_certificate_days', usual: 30 },
};

const letterOf: Record<PaperKind, string> = { move_in_permit: 'Z', migration_certificate: 'Q' };

const dayAfter = (day: string, days: number): string => new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

interface PaperToIssue {
  kind: PaperKind;
  case_id: string;
  station_code: string;
  other_province: string;
  permit_number: string | null;
  reason: string;
  from_area: string | null;
  to_area: string | null;
  to_address: string | null;
  movers: readonly PaperMover[];
  replaces?: string;
}

export interface IssuedPaper {
  paper_id: string;
  number: string;
  issued_on: string;
  valid_until_on: string;
}

export async function ownProvince(context: Context): Promise<string> {
  return (await getBureau(context)).province_code.slice(0, 2);
}

async function issue(context: Context, paper: PaperToIssue, waits_for: string | null = null): Promise<IssuedPaper> {
  const { limits, province_code } = await getBureau(context);
  const issued_on = legalDay(context.now);
  const { parameter, usual } = daysOf[paper.kind];
  const valid_until_on = dayAfter(issued_on, limits[parameter] ?? usual);
  const province = province_code.slice(0, 2);
  const [row] = await context.query<{ number: string }>('select permits.next_number($1) as number', [`${province}${letterOf[paper.kind]}${issued_on.slice(0, 4)}`]);
  const paper_id = newId();
  await storePaper(context, { ...paper, paper_id, number: row!.number, is_ours: true, issuer_province: province, issued_on, valid_until_on });
  await queueMessage(context, { kind: 'publish', number: row!.number, paper_id, to_province: paper.other_province, waits_for });
  return { paper_id, number: row!.number, issued_on, valid_until_on };
}

export type PaperToStore = Omit<PaperToIssue, 'case_id'> & { case_id: string | null; paper_id: string; number: string; is_ours: boolean; issuer_province: string; issued_on: string; valid_until_on: string; state?: PaperState };

/** Keeps a paper with its people. @returns false when its number is known already, whose first content stands */
export async function storePaper(context: Context, paper: PaperToStore): Promise<boolean> {
  const added = await context.query(
    `insert into permits.paper (paper_id, kind, number, is_ours, issuer_province, other_province, station_code, case_id, permit_number, reason, from_area, to_area, to_address,
       issued_on, valid_until_on, replaces, recorded_at, state, state_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $17) on conflict (number) do nothing returning paper_id`,
    [paper.paper_id, paper.kind, paper.number, paper.is_ours, paper.issuer_province, paper.other_province, paper.station_code, paper.case_id, paper.permit_number, paper.reason,
      paper.from_area, paper.to_area, paper.to_address, paper.issued_on, paper.valid_until_on, paper.replaces ?? null, context.now, paper.state ?? 'issued']);
  if (added.length === 0) return false;
  await context.query(
    `insert into permits.mover (paper_id, position, id_number, name, sex, birth_on, relation, items)
     select $1, m.position, m.id_number, m.name, m.sex, m.birth_on, m.relation, coalesce(m.items, '{}')
     from jsonb_to_recordset($2::jsonb) as m (position integer, id_number text, name text, sex text, birth_on date, relation text, items jsonb)`,
    [paper.paper_id, JSON.stringify(paper.movers.map((mover, index) => ({ position: index + 1, ...mover })))]);
  return true;
}

/**
 * The destination promises to take people of another province in (户口登记条例第十条; processes 9.3). Effect of an approved arrival.
 * @param order.from_area six digits of the origin's division, or more; its first two name the province
 * @param order.station_code our station that will register them
 */
export async function issuePermit(context: Context, order: {
  case_id: string; station_code: string; from_area: string; to_area: string; to_address: string; reason: string; movers: readonly PaperMover[];
}): Promise<IssuedPaper> {
  return issue(context, { ...order, kind: 'move_in_permit', other_province: order.from_area.slice(0, 2), permit_number: null });
}

/**
 * The origin certifies that people have left its register for another province. Effect of an approved departure.
 * @param order.permit_number of the other province; null for students and graduates, who need none
 * @throws Refusal permits.paper_unknown, permits.paper_not_usable when the permit is not valid
 */
export async function issueCertificate(context: Context, order: {
  case_id: string; station_code: string; permit_number: string | null; from_area: string; to_area: string; to_address: string | null; reason: string; movers: readonly PaperMover[];
}): Promise<IssuedPaper> {
  if (order.permit_number !== null) {
    const permit = await findPaper(context, order.permit_number);
    if (permit === undefined) throw new Refusal('permits.paper_unknown', { number: order.permit_number });
    if (permit.kind !== 'move_in_permit' || permit.is_ours || permit.state !== 'issued' || permit.valid_until_on < legalDay(context.now)) throw notUsable(permit, permit.state === 'issued' ? 'expired' : permit.state);
  }
  return issue(context, { ...order, kind: 'migration_certificate', other_province: order.to_area.slice(0, 2) });
}

/** A paper of either kind by its number, ours or another province's, wherever it belongs. */
export async function findPaper(context: Context, number: string): Promise<Paper | undefined> {
  const [paper] = await context.query<Omit<Paper, 'movers'>>(`select ${paperColumns} from permits.paper_by_number($1)`, [number]);
  if (paper === undefined) return undefined;
  const movers = await context.query<PaperMover>('select id_number, name, sex, birth_on::text as birth_on, relation, items from permits.movers_by_number($1)', [number]);
  return { ...paper, movers };
}

const findOfKind = (kind: PaperKind) => async (context: Context, number: string): Promise<Paper | undefined> => {
  const paper = await findPaper(context, number);
  return paper?.kind === kind ? paper : undefined;
};
export const findPermit = findOfKind('move_in_permit');
export const findCertificate = findOfKind('migration_certificate');

/** The certificate that answers a permit of ours, or the permit's own successor; nothing while the other province has not issued it. */
export async function findCertificateOfPermit(context: Context, permit_number: string): Promise<Paper | undefined> {
  const [row] = await context.query<{ number: string }>(
    `with recursive line as (
       select paper_id, number from permits.paper where number = $1
       union all select next.paper_id, next.number from permits.paper as next join line on next.replaces = line.paper_id)
     select c.number from permits.paper as c join line on c.permit_number = line.number
     where c.kind = 'migration_certificate' order by c.state = 'void', c.recorded_at desc limit 1`, [permit_number]);
  return row === undefined ? undefined : findPaper(context, row.number);
}

/** The case that waits for what a paper of ours brings: of a reissued paper the case of the first one. */
export async function caseBehind(context: Context, number: string): Promise<string | null> {
  const [row] = await context.query<{ case_id: string | null }>(
    `with recursive line as (
       select replaces, case_id from permits.paper where number = $1
       union all select before.replaces, before.case_id from permits.paper as before join line on before.paper_id = line.replaces)
     select case_id from line where replaces is null`, [number]);
  return row?.case_id ?? null;
}

/** Papers that a case issued, and those that it used or ended. */
export async function papersOfCase(context: Context, case_id: string): Promise<Paper[]> {
  const rows = await context.query<{ number: string }>('select number from permits.paper where case_id = $1 or state_case_id = $1 order by recorded_at, paper_id limit 20', [case_id]);
  return (await Promise.all(rows.map(({ number }) => findPaper(context, number)))).filter((paper) => paper !== undefined);
}

const stateWords: Record<string, { zh: string; en: string }> = {
  issued: { zh: '有效', en: 'valid' }, expired: { zh: '已过期', en: 'expired' }, consumed: { zh: '已使用', en: 'used already' }, void: { zh: '已作废', en: 'void' }, returned: { zh: '已退回', en: 'returned' },
};

function notUsable(paper: Pick<Paper, 'number'>, state: string): Refusal {
  const words = stateWords[state] ?? { zh: state, en: state };
  return new Refusal('permits.paper_not_usable', { number: paper.number, state: words.zh, state_en: words.en });
}

/** @throws Refusal permits.paper_unknown, permits.paper_not_usable */
async function turn(context: Context, number: string, into: PaperState, case_id: string, reason: string | null): Promise<void> {
  const [row] = await context.query<{ obstacle: string | null }>('select permits.turn_paper($1, $2, $3, $4, $5) as obstacle', [number, into, legalDay(context.now), case_id, reason]);
  if (row!.obstacle === 'unknown') throw new Refusal('permits.paper_unknown', { number });
  if (row!.obstacle !== null) throw notUsable({ number }, row!.obstacle);
}

async function getPaper(context: Context, number: string): Promise<Paper> {
  const paper = await findPaper(context, number);
  if (paper === undefined) throw new Refusal('permits.paper_unknown', { number });
  return paper;
}

/**
 * Uses another province's certificate, and with it our permit: the people are registered here now and the origin is
 * told. Of any number who would use it at once one does.
 * @throws Refusal permits.paper_unknown, permits.paper_not_usable
 */
export async function consumeCertificate(context: Context, { number, case_id }: { number: string; case_id: string }): Promise<Paper> {
  const certificate = await getPaper(context, number);
  if (certificate.kind !== 'migration_certificate' || certificate.is_ours) throw new Refusal('permits.not_an_arrival', { number });
  await turn(context, number, 'consumed', case_id, null);
  await queueMessage(context, { kind: 'consume', number, paper_id: certificate.paper_id, to_province: certificate.issuer_province });
  if (certificate.permit_number !== null) {
    // The permit has done its work even where it ran out between the two legs: the certificate is what counts.
    await context.query(`select permits.turn_paper(number, 'consumed', least($2::date, valid_until_on), $3, null) from permits.paper_by_number($1)`, [certificate.permit_number, legalDay(context.now), case_id]);
  }
  return certificate;
}

/** Takes a paper of ours back before it was used. @throws Refusal permits.paper_unknown, permits.paper_not_usable, permits.not_our_paper */
export async function voidPaper(context: Context, { number, case_id, reason }: { number: string; case_id: string; reason: string }): Promise<{ message_no: string }> {
  const paper = await getPaper(context, number);
  if (!paper.is_ours) throw new Refusal('permits.not_our_paper', { number });
  await turn(context, number, 'void', case_id, reason);
  return { message_no: await queueMessage(context, { kind: 'void', number, paper_id: paper.paper_id, to_province: paper.other_province, reason }) };
}

/**
 * A lost, spoilt or expired paper of ours is replaced (0403): the old number is void, and the new one goes out to the
 * network only after the network has taken that.
 * @throws Refusal permits.paper_unknown, permits.paper_not_usable, permits.not_our_paper
 */
export async function reissuePaper(context: Context, { number, case_id, reason }: { number: string; case_id: string; reason: string }): Promise<IssuedPaper> {
  const paper = await getPaper(context, number);
  const { message_no } = await voidPaper(context, { number, case_id, reason });
  return issue(context, { ...paper, case_id, replaces: paper.paper_id }, message_no);
}

/**
 * The people did not settle elsewhere and come home (0404): our certificate ends, and the other province hears of it.
 * @throws Refusal permits.paper_unknown, permits.paper_not_usable, permits.not_our_paper
 */
export async function returnHome(context: Context, { number, case_id, reason }: { number: string; case_id: string; reason: string }): Promise<Paper> {
  const certificate = await getPaper(context, number);
  if (!certificate.is_ours || certificate.kind !== 'migration_certificate') throw new Refusal('permits.not_our_paper', { number });
  await turn(context, number, 'returned', case_id, reason);
  await queueMessage(context, { kind: 'return', number, paper_id: certificate.paper_id, to_province: certificate.other_province, reason });
  return certificate;
}

/** Asks the national network for a paper of another province that somebody has shown; its content is there once it has answered. */
export async function requestPaper(context: Context, { number, org_code }: { number: string; org_code: string }): Promise<void> {
  if ((await findPaper(context, number)) !== undefined) return;
  await queueMessage(context, { kind: 'fetch', number, paper_id: null, to_province: null, asked_by_org: org_code });
}
