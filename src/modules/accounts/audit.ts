/** The audit trail for audit administrators: acts of their jurisdiction, newest first, never what was answered. */
import type { Context, InputOf } from '../../kernel/index.ts';
import type { contract } from './contract.ts';
import { reachOf } from './reach.ts';

interface AuditRow {
  audit_id: string; at: Date; actor_kind: string; actor_id: string | null; org_code: string | null; post: string | null; operation: string;
  case_id: string | null; request_id: string | null; input_digest: string | null; detail: Record<string, unknown>;
}

/** Acts of nobody signed in (failed sign-ins) belong to the province, whose administrators alone see them. */
export async function listAudit(context: Context, input: InputOf<typeof contract.listAudit>) {
  const { org_from, org_to } = reachOf(context);
  const sees_unplaced = context.actor.kind === 'officer' && context.actor.org_level === 'PROVINCE';
  const limit = input.limit ?? 100;
  const rows = await context.query<AuditRow>(
    `select audit_id, at, actor_kind, actor_id, org_code, post, operation, case_id, request_id, input_digest, detail
     from accounts.audit_trail
     where ((org_code >= $1 and org_code < $2) or ($3 and org_code is null))
       and ($4::timestamptz is null or at >= $4) and ($5::timestamptz is null or at < $5)
       and ($6::text is null or actor_id = $6) and ($7::text is null or operation = $7) and ($8::uuid is null or case_id = $8)
       and ($9::uuid is null or audit_id < $9)
     order by audit_id desc limit $10`,
    [org_from, org_to, sees_unplaced, input.from ?? null, input.to ?? null, input.actor_id ?? null, input.operation ?? null, input.case_id ?? null, input.before ?? null, limit + 1]);
  const records = rows.slice(0, limit).map((row) => ({ ...row, at: row.at.toISOString() }));
  return { records, next: rows.length > limit ? records.at(-1)!.audit_id : null };
}
