/** Entry at the counter: the officer (or an assistant) fills in what the applicant says and has seen the originals. */
import { Refusal, type Context, type InputOf } from '../../../kernel/index.ts';
import type { SuppliedMaterial } from '../../catalogue/index.ts';
import type { contract } from '../contract.ts';
import { admitOfficer } from '../duty.ts';
import { serviceOf } from '../file.ts';
import { submit } from './submit.ts';

type By = SuppliedMaterial['by'];

/** At the counter originals are looked at and not scanned; each is entered by how it was settled. */
export function seenAtCounter(materials: readonly { code: string; by: string; certificate_no?: string | undefined }[]): SuppliedMaterial[] {
  return materials.map((material) => {
    if (!['provided', 'commitment', 'certificate'].includes(material.by)) throw new Refusal('kernel.invalid_input', { count: 1 }, [{ field: `materials.${material.code}`, code: 'enum', zh: '请选择:已查验原件、书面承诺或已有证照。', en: 'Choose: original seen, written commitment or existing certificate.' }]);
    return { code: material.code, by: material.by as By, attachments: [], ...(material.certificate_no === undefined ? {} : { certificate_no: material.certificate_no }) };
  });
}

/** @throws Refusal cases.service_unknown, cases.service_not_yours and what `submit` refuses */
export async function openCase(context: Context, input: InputOf<typeof contract.openCase>) {
  const service = serviceOf(input.service_code);
  admitOfficer(context, 'cases.open_case', service);
  const { case_no: _, ...opened } = await submit(context, {
    // What nobody applies for is taken up by the police themselves.
    service_code: service.code, catalogue_version: service.version, channel: service.channels.every((channel) => channel === 'ex_officio') ? 'ex_officio' : 'window', receipt_no: null, submitted_at: context.now,
    // At the counter the officer has compared card and person.
    applicant: { name: input.applicant_name, id_number: input.applicant_id_number, phone: input.applicant_phone, identity_level: 4 },
    answers: input.answers, materials: seenAtCounter(input.materials ?? []),
  });
  return opened;
}
