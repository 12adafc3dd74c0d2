/** Purposes for which an officer may read a person. Some need a note; all are shown to the person read. */
import type { Text } from '../../kernel/operation.ts';

export interface PurposeCode {
  label: Text;
  needs_note: boolean;
  /** Offered to officers; the others are set by the system. */
  stated: boolean;
}

export const purposes: Record<string, PurposeCode> = {
  case: { label: { zh: '办理业务', en: 'Handling a case' }, needs_note: false, stated: false },
  self: { label: { zh: '本人查询', en: 'Own enquiry' }, needs_note: false, stated: false },
  system: { label: { zh: '系统自动处理', en: 'Automatic processing' }, needs_note: false, stated: false },
  counter_enquiry: { label: { zh: '窗口咨询核对', en: 'Enquiry at the counter' }, needs_note: true, stated: true },
  verification: { label: { zh: '信息核查', en: 'Verification' }, needs_note: true, stated: true },
  community_visit: { label: { zh: '社区走访', en: 'Round in the community' }, needs_note: true, stated: true },
  counter_entry: { label: { zh: '窗口录入预填', en: 'Prefill at the counter' }, needs_note: false, stated: false },
  supervision: { label: { zh: '监督检查', en: 'Supervision' }, needs_note: true, stated: true },
  correction_check: { label: { zh: '登记差错核对', en: 'Checking an error of the register' }, needs_note: true, stated: true },
};

export const purposeLabels: Record<string, Text> = Object.fromEntries(Object.entries(purposes).map(([code, purpose]) => [code, purpose.label]));
/** What a page may state: by choice of the officer, or because of what the page is. */
export const statedPurposes: ReadonlyMap<string, { needs_note: boolean }> = new Map(Object.entries(purposes).filter(([code, purpose]) => purpose.stated || code === 'case' || code === 'counter_entry'));
