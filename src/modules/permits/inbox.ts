/** What other provinces tell us: their permits for our people, their certificates for those we take in, and what became of our papers. */
import { legalDay, newId, type Context } from '../../kernel/index.ts';
import { personByNumber } from '../population/index.ts';
import { caseBehind, findPaper, storePaper, type PaperMover, type PaperState } from './papers.ts';
import type { ReceivedMessage, WirePaper } from './network.ts';

/** Where nobody at a station can be named, the province's own desk handles it. */
const deskOf = (province: string): string => `${province}0000000000`;

/** Our station for a paper of another province: of the permit it answers, or where its people are registered. */
async function stationOf(context: Context, province: string, paper: WirePaper): Promise<string> {
  const permit = paper.permit_number === null ? undefined : await findPaper(context, paper.permit_number);
  if (permit?.is_ours) return permit.station_code;
  const resident = paper.kind === 'move_in_permit' ? await personByNumber(context, paper.movers[0]!.id_number) : undefined;
  return resident?.station_code ?? deskOf(province);
}

const states: readonly string[] = ['issued', 'expired', 'consumed', 'void', 'returned'] satisfies PaperState[];

/** Keeps a paper of another province. @returns whether it was new */
export async function takePaper(context: Context, paper: WirePaper, at: { province: string; station_code?: string; state?: string }): Promise<boolean> {
  // A paper that names us as its issuer and that we never issued is nobody's.
  if (paper.issuer_province === at.province) return false;
  const known = at.station_code ?? (await stationOf(context, at.province, paper));
  const said = at.state !== undefined && states.includes(at.state) ? (at.state as PaperState) : 'issued';
  return storePaper(context, {
    ...paper, kind: paper.kind as 'move_in_permit' | 'migration_certificate', movers: paper.movers as PaperMover[], paper_id: newId(), case_id: null, is_ours: false, station_code: known,
    state: said === 'issued' && paper.valid_until_on < legalDay(context.now) ? 'expired' : said,
  });
}

async function turned(context: Context, number: string, into: PaperState, day: string, reason: string | null): Promise<boolean> {
  const [row] = await context.query<{ obstacle: string | null }>('select permits.turn_paper($1, $2, $3, null, $4) as obstacle', [number, into, day, reason]);
  return row!.obstacle === null;
}

/** The effect of one message; what it says of a paper we do not know, or know to be otherwise, changes nothing. */
export async function takeMessage(context: Context, province: string, message: ReceivedMessage): Promise<void> {
  const changed = await apply(context, province, message);
  if (!changed) await context.query(`update permits.received_message set outcome = 'changed_nothing' where sequence = $1`, [message.sequence]);
}

async function apply(context: Context, province: string, message: ReceivedMessage): Promise<boolean> {
  const { number, happened_on, reason = null } = message;
  if (message.kind === 'publish') {
    if (message.paper === undefined || message.paper.number !== number || !(await takePaper(context, message.paper, { province }))) return false;
    const { permit_number } = message.paper;
    if (message.paper.kind === 'migration_certificate') context.emit('permits.certificate_arrived', { number, permit_number, case_id: permit_number === null ? null : await caseBehind(context, permit_number) });
    else context.emit('permits.permit_arrived', { number });
    return true;
  }
  const paper = await findPaper(context, number);
  if (paper === undefined) return false;
  const news = { number, kind: paper.kind, case_id: await caseBehind(context, number), reason };
  switch (message.kind) {
    case 'consume': {
      // They were settled there on a day on which the paper was valid; when we hear of it does not matter.
      if (!paper.is_ours || !(await turned(context, number, 'consumed', happened_on, null))) return false;
      if (paper.permit_number !== null) await turned(context, paper.permit_number, 'consumed', happened_on, null);
      context.emit('permits.arrival_reported', { ...news, arrived_on: happened_on });
      return true;
    }
    case 'void': {
      if (paper.is_ours || !(await turned(context, number, 'void', happened_on, reason))) return false;
      context.emit('permits.paper_voided', news);
      return true;
    }
    case 'return': {
      // Whoever left the other province went home again: its certificate ends, our permit with it.
      if (paper.is_ours || !(await turned(context, number, 'returned', happened_on, reason))) return false;
      const permit = paper.permit_number === null ? undefined : await findPaper(context, paper.permit_number);
      if (permit?.is_ours) await turned(context, permit.number, 'returned', happened_on, reason);
      context.emit('permits.paper_returned', { ...news, permit_number: paper.permit_number, case_id: permit?.is_ours ? await caseBehind(context, permit.number) : null });
      return true;
    }
    default: {
      // The origin declines our permit: the people do not move.
      if (!paper.is_ours || paper.kind !== 'move_in_permit' || !(await turned(context, number, 'returned', happened_on, reason))) return false;
      context.emit('permits.permit_declined', news);
      return true;
    }
  }
}
