/** Fills the queues of a county with cases under way, as they lie there on a morning. */
import type { BenchServer, Desk } from './bureau.ts';
import { declarationOf, listDestinations, listMovers } from './movers.ts';

export interface Staff {
  station: string;
  officer: Desk;
  chief: Desk;
}

export interface Cases {
  /** Cases that were really entered, by the station that works on them: people, households and checks are all there. */
  by_station: Map<string, string[]>;
  open: number;
  closed: number;
}

const stages = 3;

/**
 * Enters `cases_each` cases at every station through the office; a third of them wait for acceptance, a third for the
 * chief and a third for the county. Each is then copied in the tables, open and closed, so that queues are long and
 * screens are real.
 */
export async function fillQueues(bench: BenchServer, staff: readonly Staff[], from_county: string, cases_each: number, copies: { open: number; closed: number }): Promise<Cases> {
  const by_station = new Map<string, string[]>();
  const movers = await listMovers(bench.owner, from_county, staff.length * cases_each);
  for (const { station, officer, chief } of staff) {
    const entered: string[] = [];
    for (const [at, destination] of (await listDestinations(bench.owner, station, cases_each)).entries()) {
      type Acting = { case_id: string; case_version: number };
      let acting = await officer.post<Acting>('/api/cases', declarationOf(movers.pop()!, destination));
      if (at % stages >= 1) acting = await officer.post<Acting>(`/api/cases/${acting.case_id}/accept`, { case_version: acting.case_version });
      if (at % stages >= 2) acting = await chief.post<Acting>(`/api/cases/${acting.case_id}/review`, { case_version: acting.case_version, agree: true, opinion: '同意' });
      entered.push(acting.case_id);
    }
    by_station.set(station, entered);
  }
  const entered = [...by_station.values()].flat();
  await bench.owner.query(copyOf('open', `'waiting_since', (entered).waiting_since - n * interval '1 minute', 'step_due_at', (entered).step_due_at - n * interval '1 minute'`), [entered, copies.open]);
  await bench.owner.query(copyOf('closed', `'state', 'executed', 'closed_at', (entered).submitted_at - n * interval '1 day', 'waiting_org', null, 'waiting_role', null, 'waiting_act', null, 'waiting_since', null, 'step_due_at', null`), [entered, copies.closed]);
  await bench.owner.query('vacuum analyze cases.case_file, cases.step');
  const { rows: [count] } = await bench.owner.query<{ open: number; closed: number }>('select count(*) filter (where closed_at is null)::int as open, count(closed_at)::int as closed from cases.case_file');
  return { by_station, ...count! };
}

/** Copies of the cases of $1 with their steps, $2 of each. */
function copyOf(kind: string, changed: string): string {
  const id = (entered: string): string => `md5(${entered}.case_id::text || '${kind}' || n)`;
  return `with copied as (
      insert into cases.case_file
      select copy.* from (select c as entered from cases.case_file c where case_id = any ($1)) as original cross join generate_series(1, $2::int) as n
      cross join lateral jsonb_populate_record(entered, jsonb_build_object('case_id', ${id('(entered)')}::uuid, 'case_no', ${id('(entered)')}, ${changed})) as copy)
    insert into cases.step
    select copy.* from cases.step as entered cross join generate_series(1, $2::int) as n
    cross join lateral jsonb_populate_record(entered, jsonb_build_object('case_id', ${id('entered')}::uuid)) as copy where entered.case_id = any ($1)`;
}
