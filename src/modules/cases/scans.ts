/** Scans of a case: taken in at the counter, and opened by whoever is to agree. */
import { filesOf, picturesMax, Refusal, takePicture, type Context, type OfficerActor, type Violation } from '../../kernel/index.ts';
import { catalogue, type Attachment } from '../catalogue/index.ts';
import { materialNames, type MaterialState } from './materials.ts';

const scanField = 'scan.';

/**
 * The scans that came with a request, remade, by the code of their material: files of the fields `scan.M24`.
 * @throws Refusal kernel.invalid_input with everything that is wrong with them at once; nothing of the request is done
 */
export async function takeScans(context: Context): Promise<ReadonlyMap<string, readonly Attachment[]>> {
  const { files } = context.request;
  const fields = [...new Set(files.map((file) => file.field))].filter((field) => filesOf(files, field).length > 0);
  const taken = new Map<string, Attachment[]>();
  const violations: Violation[] = [];
  if (fields.flatMap((field) => filesOf(files, field)).length > picturesMax) {
    violations.push({ field: fields[0]!, code: 'too_many', zh: `一份申请最多 ${picturesMax} 张图片,请删去不需要的。`, en: `At most ${picturesMax} pictures for one application; remove some.` });
  } else {
    for (const field of fields) {
      const code = field.slice(scanField.length);
      if (!field.startsWith(scanField) || !catalogue().materials.has(code)) {
        violations.push({ field, code: 'unknown', zh: '没有这种材料,请从材料列表中选择后再扫描。', en: 'There is no such material; choose one of the list before scanning.' });
        continue;
      }
      for (const file of filesOf(files, field)) {
        const outcome = await takePicture(context.blobs, file);
        if (outcome.ok) taken.set(code, [...(taken.get(code) ?? []), attachmentOf(outcome.picture)]);
        else violations.push({ field, ...outcome.fault });
      }
    }
  }
  if (violations.length > 0) throw new Refusal('kernel.invalid_input', { count: violations.length }, violations);
  return taken;
}

function attachmentOf({ sha256, media_type, file_name, bytes }: Attachment): Attachment {
  return { sha256, media_type, file_name, bytes };
}

/** Whether its scans must have been opened before somebody agrees: a required paper that is settled by what they show. */
export function mustBeOpened(material: Pick<MaterialState, 'required' | 'state' | 'attachments'>): boolean {
  return material.required && material.state === 'provided' && material.attachments.length > 0;
}

/** What this officer has opened of the case. */
export async function openedBy(context: Context, case_id: string, officer_id: string): Promise<ReadonlySet<string>> {
  const rows = await context.query<{ sha256: string }>('select sha256 from cases.attachment_opened where case_id = $1 and officer_id = $2 limit 1000', [case_id, officer_id]);
  return new Set(rows.map((row) => row.sha256));
}

/** Leaves the line that agreeing asks for; the first look counts. */
export async function noteOpened(context: Context, case_id: string, officer: OfficerActor, sha256: string): Promise<void> {
  await context.query('insert into cases.attachment_opened (case_id, officer_id, sha256, opened_at) values ($1, $2, $3, $4) on conflict do nothing', [case_id, officer.officer_id, sha256, context.now]);
}

/**
 * Nobody agrees to what he has not looked at: neither the review nor the approval of a case.
 * @throws Refusal cases.scans_not_opened naming the materials
 */
export async function refuseUnopened(context: Context, case_id: string, materials: readonly MaterialState[], officer: OfficerActor): Promise<void> {
  const opened = await openedBy(context, case_id, officer.officer_id);
  const unopened = materials.filter((material) => mustBeOpened(material) && material.attachments.some(({ sha256 }) => !opened.has(sha256)));
  if (unopened.length > 0) throw new Refusal('cases.scans_not_opened', materialNames(unopened));
}
