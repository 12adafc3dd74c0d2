/** Past cases as a changed catalogue is tried on them: what was answered, how papers were settled, what was examined, who decided. */
import type pg from 'pg';
import { legalDay } from '../../kernel/index.ts';
import { catalogue, type PastCase } from '../catalogue/index.ts';
import { isFromTop } from './route.ts';

interface Row {
  case_no: string;
  service_code: string;
  submitted_at: Date;
  answers: PastCase['answers'];
  outcome: string | null;
  steps: PastCase['steps'] | null;
  details: { checks?: PastCase['checks']; materials?: PastCase['materials'] }[] | null;
}

/**
 * The newest cases that have ended, for whoever runs the installation: names and numbers stay inside, only what the
 * comparison needs is read.
 * @param pool a connection pool of the owner
 * @param limit at most so many
 */
export async function listPastCases(pool: pg.Pool, limit: number): Promise<PastCase[]> {
  const { rows } = await pool.query<Row>(
    `select c.case_no, c.service_code, c.submitted_at, c.answers, c.decision ->> 'outcome' as outcome,
       (select jsonb_agg(jsonb_build_object('act', s.act, 'role', s.role, 'level', s.level) order by s.step) from cases.step s where s.case_id = c.case_id) as steps,
       (select jsonb_agg(e.detail order by e.sequence) from cases.case_event e where e.case_id = c.case_id and e.detail ?| array['checks', 'materials']) as details
     from cases.case_file c where c.closed_at is not null order by c.closed_at desc, c.case_id limit $1`, [limit]);
  return rows.map(({ submitted_at, steps, details, ...row }) => {
    const judged = details ?? [];
    const service = catalogue().services.get(row.service_code);
    return {
      ...row, submitted_on: legalDay(submitted_at), steps: steps ?? [],
      // A rule that failed once and held later counts as it was found at any time: it is that finding that a change may touch.
      checks: judged.flatMap(({ checks = [] }) => checks), materials: judged.findLast(({ materials }) => materials !== undefined)?.materials ?? [],
      from_top: service !== undefined && isFromTop(service, (steps ?? []) as Parameters<typeof isFromTop>[1]),
    };
  });
}
