/** Entry at the counter: the officer (or an assistant) fills in what the applicant says and has seen the originals. */
import { Refusal, type Context, type InputOf } from '../../../kernel/index.ts';
import type { SuppliedMaterial } from '../../catalogue/index.ts';
import type { contract } from '../contract.ts';
import { commitmentsBarredUntil } from '../commitments.ts';
import { admitOfficer } from '../duty.ts';
import { openFile, serviceOf } from '../file.ts';
import { takeScans } from '../scans.ts';
import { submit } from './submit.ts';

const ways: Record<string, SuppliedMaterial['by']> = { provided: 'original', commitment: 'commitment', certificate: 'certificate' };

/**
 * Materials as they were settled at the counter: originals are looked at, and may be scanned besides. A scan by itself
 * says that the original was there.
 * @throws Refusal kernel.invalid_input for a way that there is not, and for pictures that cannot be taken
 */
export async function takenAtCounter(context: Context, materials: readonly { code: string; by: string; certificate_no?: string | undefined }[]): Promise<SuppliedMaterial[]> {
  const wrong = materials.filter(({ by }) => ways[by] === undefined);
  if (wrong.length > 0) {
    throw new Refusal('kernel.invalid_input', { count: wrong.length }, wrong.map(({ code }) => ({
      field: `materials.${code}`, code: 'enum', zh: '请选择:已查验原件、书面承诺或已有证照。', en: 'Choose: original seen, written commitment or existing certificate.',
    })));
  }
  const scans = await takeScans(context);
  const said = new Set(materials.map(({ code }) => code));
  return [...materials, ...[...scans.keys()].filter((code) => !said.has(code)).map((code) => ({ code, by: 'provided', certificate_no: undefined }))].map(({ code, by, certificate_no }) => ({
    code, by: ways[by]!, attachments: scans.get(code) ?? [], ...(certificate_no === undefined ? {} : { certificate_no }),
  }));
}

/** @throws Refusal cases.service_unknown, cases.service_not_yours, and what `submit` and the scans refuse; then nothing was entered */
export async function openCase(context: Context, input: InputOf<typeof contract.openCase>) {
  const service = serviceOf(input.service_code);
  admitOfficer(context, 'cases.open_case', service);
  const materials = await takenAtCounter(context, input.materials ?? []);
  const { case_no: _, ...opened } = await submit(context, {
    // What nobody applies for is taken up by the police themselves.
    service_code: service.code, catalogue_version: service.version, channel: service.channels.every((channel) => channel === 'ex_officio') ? 'ex_officio' : 'window', receipt_no: null, submitted_at: context.now,
    // At the counter the officer has compared card and person.
    applicant: { name: input.applicant_name, id_number: input.applicant_id_number, phone: input.applicant_phone, identity_level: 4 },
    answers: input.answers, materials,
  });
  await refuseBarredCommitments(context, opened, materials);
  return opened;
}

/** The applicant stands at the counter: a commitment that will not be accepted is told at once, not by a correction list. */
async function refuseBarredCommitments(context: Context, { case_id }: { case_id: string }, materials: readonly SuppliedMaterial[]): Promise<void> {
  const committed = materials.filter(({ by }) => by === 'commitment');
  if (committed.length === 0) return;
  const { file } = await openFile(context, { case_id }, false);
  const until = await commitmentsBarredUntil(context, file);
  if (until === null) return;
  throw new Refusal('kernel.invalid_input', { count: committed.length }, committed.map(({ code }) => ({
    field: `materials.${code}`, code: 'commitment_barred', zh: `承诺方式在 ${until} 前不可用,请选择其他方式。`, en: `No commitment is accepted before ${until}; choose another way.`,
  })));
}
