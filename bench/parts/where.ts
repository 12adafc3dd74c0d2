/** Where the server's time goes, by statement. */
import type pg from 'pg';

/**
 * The office's own statements by time, per unit of work; needs a bureau opened with statistics.
 * @param work how many units were done since `pg_stat_statements_reset()`
 */
export async function printWhere(owner: pg.Pool, work: number, unit: string): Promise<void> {
  const { rows } = await owner.query<{ calls: number; total_ms: number; query: string; toplevel: boolean }>(
    `select calls::float8 as calls, total_exec_time as total_ms, regexp_replace(left(query, 400), '\\s+', ' ', 'g') as query, toplevel
     from pg_stat_statements where query not like '%yardstick%' order by total_exec_time desc limit 40`);
  console.log(`\nserver time per ${unit} (top-level statements marked *), ${work} ${unit}s`);
  for (const row of rows) console.log(`${row.toplevel ? '*' : ' '} ${(row.total_ms / work).toFixed(3).padStart(8)} ms ${(row.calls / work).toFixed(1).padStart(6)} calls  ${row.query.slice(0, 150)}`);
}
