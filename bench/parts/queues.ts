/** Fills the queues of a county with cases under way, as they lie there on a morning. */
import type { BenchServer, Desk } from './bureau.ts';
import { declarationOf, listDestinations, listMovers } from './movers.ts';

export interface Staff {
  station: string;
  officer: Desk;
  chief: Desk;
}

export interface OpenCases {
  /** Cases that were really entered, by the station that works on them: people, households and checks are all there. */
  by_station: Map<string, string[]>;
  open: number;
}

const stages = 3;

/**
 * Enters `cases_each` cases at every station through the office; a third of them wait for acceptance, a third for the
 * chief and a third for the county. Each is then copied in the tables, so that queues are long and screens are real.
 */
export async function fillQueues(bench: BenchServer, staff: readonly Staff[], from_county: string, cases_each: number, copies: number): Promise<OpenCases> {
  const by_station = new Map<string, string[]>();
  const movers = await listMovers(bench.owner, from_county, staff.length * cases_each);
  for (const { station, officer, chief } of staff) {
    const destinations = await listDestinations(bench.owner, station, cases_each);
    const entered: string[] = [];
    for (const [at, destination] of destinations.entries()) {
      type Acting = { case_id: string; case_version: number };
      let acting = await officer.post<Acting>('/api/cases', declarationOf(movers.pop()!, destination));
      if (at % stages >= 1) acting = await officer.post<Acting>(`/api/cases/${acting.case_id}/accept`, { case_version: acting.case_version });
      if (at % stages >= 2) acting = await chief.post<Acting>(`/api/cases/${acting.case_id}/review`, { case_version: acting.case_version, agree: true, opinion: '同意' });
      entered.push(acting.case_id);
    }
    by_station.set(station, entered);
  }
  await bench.owner.query(
    `with copied as (
       insert into cases.case_file
       select copy.* from (select c as entered, row_number() over (order by case_id) as place from cases.case_file c) as original cross join generate_series(1, $1::int) as n
       cross join lateral jsonb_populate_record(entered, jsonb_build_object(
         'case_id', md5((entered).case_id::text || n)::uuid, 'case_no', left((entered).case_no, 20) || lpad((10000 + place * $1 + n)::text, 5, '0'),
         'waiting_since', (entered).waiting_since - n * interval '1 minute', 'step_due_at', (entered).step_due_at - n * interval '1 minute')) as copy)
     insert into cases.step
     select copy.* from cases.step as entered cross join generate_series(1, $1::int) as n
     cross join lateral jsonb_populate_record(entered, jsonb_build_object('case_id', md5(entered.case_id::text || n)::uuid)) as copy`, [copies]);
  const { rows: [count] } = await bench.owner.query<{ open: number }>('select count(*)::int as open from cases.case_file where closed_at is null');
  await bench.owner.query('vacuum analyze cases.case_file, cases.step');
  return { by_station, open: count!.open };
}
