/**
 * What the two legs of a move between provinces should look like together, compared every night (QR-072 to QR-074).
 * An alarm asks the station to look; it says nothing about anybody but that two records do not fit. It closes by
 * itself once they do.
 */
import { legalDay, newId, type Context, type Job } from '../../kernel/index.ts';
import { personByNumber } from '../population/index.ts';
import { caseBehind } from './papers.ts';

export type PairingRule = 'in_transit_too_long' | 'in_two_registers' | 'legs_unpaired';

const registered = '0';
const inTransit = '5';
/** A move completed less than a day ago may be on its way between the registers. */
const graceHours = 24;
const papersMax = 2000;

interface Certificate {
  paper_id: string;
  number: string;
  is_ours: boolean;
  station_code: string;
  state: string;
  valid_until_on: string;
  numbers: string[];
  is_replaced: boolean;
}

/** Pure: what is wrong about a certificate whose people have these statuses in our register (null: unknown to it). */
export function pairingFaults(certificate: Pick<Certificate, 'is_ours' | 'state' | 'valid_until_on' | 'is_replaced'>, statuses: readonly (string | null)[], today: string): PairingRule[] {
  const faults: PairingRule[] = [];
  const some = (wanted: string): boolean => statuses.includes(wanted);
  const open = certificate.state === 'issued' || certificate.state === 'expired';
  if (certificate.is_ours) {
    if (open && !certificate.is_replaced && some(inTransit) && today > certificate.valid_until_on) faults.push('in_transit_too_long');
    // Gone by the paper, here by the register; or settled elsewhere and still registered here.
    if ((open || certificate.state === 'consumed') && some(registered)) faults.push('in_two_registers');
    if (certificate.state === 'consumed' && some(inTransit)) faults.push('legs_unpaired');
    if (certificate.state === 'returned' && some(inTransit)) faults.push('legs_unpaired');
  } else if (certificate.state === 'consumed' && statuses.some((status) => status !== registered)) faults.push('legs_unpaired');
  return faults;
}

/** Compares certificates and arrivals, opens what is new and closes what fits again. @returns alarms opened or closed */
export async function pairLegs(context: Context): Promise<number> {
  const today = legalDay(context.now);
  const certificates = await context.query<Certificate>(
    `select p.paper_id, p.number, p.is_ours, p.station_code, p.state, p.valid_until_on::text as valid_until_on,
       array(select m.id_number from permits.mover as m where m.paper_id = p.paper_id order by m.position) as numbers,
       exists (select from permits.paper as next where next.replaces = p.paper_id) as is_replaced
     from permits.paper as p
     where p.kind = 'migration_certificate' and p.state <> 'void' and p.state_at < $1::timestamptz - make_interval(hours => ${graceHours})
       -- What was settled long ago and paired then stays so; only an open alarm brings it back.
       and (p.state in ('issued', 'expired') or p.state_at > $1::timestamptz - make_interval(days => 30)
            or exists (select from permits.alarm as a where a.paper_id = p.paper_id and a.closed_at is null))
     order by p.state_at limit ${papersMax}`, [context.now]);
  let changes = 0;
  for (const certificate of certificates) {
    const people = await Promise.all(certificate.numbers.map((number) => personByNumber(context, number)));
    const faults = pairingFaults(certificate, people.map((person) => person?.status ?? null), today);
    const opened = await context.query<{ alarm_id: string; rule: PairingRule }>(
      `insert into permits.alarm (alarm_id, rule, paper_id, station_code, movers, opened_at)
       select a.alarm_id, a.rule, $1, $2, $3, $4 from jsonb_to_recordset($5::jsonb) as a (alarm_id uuid, rule text)
       -- What somebody looked into and explained is not asked again.
       where not exists (select from permits.alarm as looked where looked.paper_id = $1 and looked.rule = a.rule and looked.closed_by <> 'system')
       on conflict (rule, paper_id) where closed_at is null do nothing returning alarm_id, rule`,
      [certificate.paper_id, certificate.station_code, certificate.numbers.length, context.now, JSON.stringify(faults.map((rule) => ({ alarm_id: newId(), rule })))]);
    const closed = await context.query(
      `update permits.alarm set closed_at = $2, closed_by = 'system', finding = 'the records fit again' where paper_id = $1 and closed_at is null and rule <> all($3) returning alarm_id`,
      [certificate.paper_id, context.now, faults]);
    for (const { alarm_id, rule } of opened) context.emit('permits.pairing_alarm', { alarm_id, rule, number: certificate.number, station_code: certificate.station_code });
    changes += opened.length + closed.length;
  }
  return changes;
}

/** Papers whose last day has passed; the cases that wait for them are told. */
async function expirePapers(context: Context): Promise<number> {
  const today = legalDay(context.now);
  const rows = await context.query<{ number: string; kind: string; is_ours: boolean }>(
    `select p.number, p.kind, p.is_ours from permits.paper as p
     where p.state = 'issued' and p.valid_until_on < $1::date order by p.valid_until_on, p.paper_id limit 200`, [today]);
  for (const row of rows) {
    const [turned] = await context.query<{ obstacle: string | null }>(`select permits.turn_paper($1, 'expired', $2, null, null) as obstacle`, [row.number, today]);
    if (turned!.obstacle === null) context.emit('permits.paper_expired', { number: row.number, kind: row.kind, case_id: await caseBehind(context, row.number), is_ours: row.is_ours });
  }
  return rows.length;
}

export const jobs: readonly Job[] = [
  { name: 'permits.expire_papers', every_seconds: 600, run: expirePapers },
  // Alarms open and close by the register alone: going again at once would find the same.
  { name: 'permits.pair_legs', every_seconds: 86_400, run: async (context) => void (await pairLegs(context)) },
];
