/** The rules of papers 四个一律 as the portal applies them: how one may be settled, what is still wrong with it, how it is told. */
import type { Text, Violation } from '../../kernel/index.ts';
import { catalogue, type Material, type MaterialWay, type SuppliedMaterial } from '../catalogue/index.ts';
import { fieldText } from './answer.ts';
import type { MaterialView, TaskState } from './contract.ts';
import type { AskedMaterial, TypedMaterial } from './drafts.ts';
import { attachmentOf, uploadView, type Upload } from './uploads.ts';

const certificateLengthMax = 60;

/** The commitment that stands in for a paper: what is promised and what a false one means. */
export function commitmentText({ name }: Material): Text {
  const years = catalogue().policy.commitment_bar_years;
  return {
    zh: `我承诺:本应提交的“${name.zh}”所证明的情况属实,愿意接受核查;承诺不实的,申请按虚假材料处理,${years} 年内不再适用承诺制。`,
    en: `I commit that what “${name.en}” would prove is true, and I accept that it is checked. If it is not, the application is treated as made with false papers, and for ${years} years commitments are not accepted from me.`,
  };
}

/** What is still wrong with a paper, told at the field that mends it. */
export function materialFaults({ code, ways, material, required }: AskedMaterial, typed: TypedMaterial | undefined, uploads: readonly Upload[]): Violation[] {
  const way = typed?.way ?? (ways.length === 1 ? ways[0]! : null);
  if (way === null) return required ? [{ field: `${code}.way`, code: 'required', zh: `请选择怎样提交“${material.name.zh}”。`, en: `Choose how to settle “${material.name.en}”.` }] : [];
  switch (way) {
    case 'verify': return [];
    case 'commitment':
      return typed?.agreed === true ? [] : [{ field: `${code}.agreed`, code: 'required', zh: '以承诺代替材料的,请阅读并勾选承诺。', en: 'To replace the paper by a commitment, read it and tick the box.' }];
    case 'certificate': {
      const length = [...(typed?.certificate_no.trim() ?? '')].length;
      if (length === 0) return [{ field: `${code}.certificate_no`, code: 'required', zh: '请填写证照编号;找不到编号的,可以改为拍照上传。', en: 'Enter the number of the certificate, or upload a photograph instead.' }];
      return length < 4 || length > certificateLengthMax ? [{ field: `${code}.certificate_no`, code: 'length', zh: `证照编号应为 4 至 ${certificateLengthMax} 个字符,请对照证照填写。`, en: `The number has 4 to ${certificateLengthMax} characters; compare it with the certificate.` }] : [];
    }
    case 'provided':
      return uploads.length > 0 || (!required && typed === undefined) ? [] : [{ field: `${code}.files`, code: 'required', zh: `请上传“${material.name.zh}”的照片。`, en: `Upload a photograph of “${material.name.en}”.` }];
  }
}

export function materialState(asked: AskedMaterial, typed: TypedMaterial | undefined, uploads: readonly Upload[]): TaskState {
  if (typed === undefined && uploads.length === 0) return 'to_do';
  return materialFaults(asked, typed, uploads).length === 0 ? (typed?.way === null && uploads.length === 0 ? 'to_do' : 'done') : 'faulty';
}

const wayWords: Record<Exclude<MaterialWay, 'provided'>, Text> = {
  verify: { zh: '由民警联网核对', en: 'Checked in the register' },
  certificate: { zh: '已填证照编号', en: 'Certificate number given' },
  commitment: { zh: '已书面承诺', en: 'Written commitment' },
};

/** One line on how a paper was settled. */
export function materialAnswer(typed: TypedMaterial | undefined, count: number): Text {
  const way = typed?.way ?? 'provided';
  if (way !== 'provided') return wayWords[way];
  if (count === 0) return { zh: '未提交', en: 'Not supplied yet' };
  return { zh: `已上传 ${count} 张`, en: count === 1 ? '1 picture' : `${count} pictures` };
}

export function materialView({ code, material, required, ways }: AskedMaterial, typed: TypedMaterial | undefined, uploads: readonly Upload[]): MaterialView {
  return {
    code, name: material.name, why: material.why, law: material.law, good_example: material.good_example, required, ways,
    way: typed?.way ?? (ways.length === 1 ? ways[0]! : uploads.length > 0 ? 'provided' : null),
    certificate_no: typed?.certificate_no ?? '', commitment: commitmentText(material), agreed: typed?.agreed ?? false, uploads: uploads.map(uploadView),
  };
}

/** Reads the choice out of a form. Files that were sent say by themselves that the paper is provided. */
export function readMaterial(input: Record<string, unknown>, { code, ways }: AskedMaterial, hasFiles: boolean): TypedMaterial {
  const way = ways.find((one) => one === fieldText(input, `${code}.way`)) ?? (ways.length === 1 || hasFiles ? 'provided' : null);
  return { way, certificate_no: fieldText(input, `${code}.certificate_no`).slice(0, 200), agreed: fieldText(input, `${code}.agreed`) !== '' };
}

/** A settled paper as the police side takes it; nothing for one that it checks in the register by itself. */
export function materialBody({ code, ways }: AskedMaterial, typed: TypedMaterial | undefined, uploads: readonly Upload[]): SuppliedMaterial | undefined {
  const way = typed?.way ?? (ways.length === 1 ? 'provided' : null);
  switch (way) {
    case 'certificate': return { code, by: 'certificate', certificate_no: typed!.certificate_no.trim(), attachments: [] };
    case 'commitment': return { code, by: 'commitment', attachments: [] };
    case 'provided': return uploads.length === 0 ? undefined : { code, by: 'provided', attachments: uploads.map(attachmentOf) };
    default: return undefined;
  }
}
