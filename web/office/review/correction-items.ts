/** The one-time notice, made from what the screen shows: failing checks that can be corrected, and missing materials. */
import type { CaseViewData } from '../../../src/modules/cases/contract.ts';
import { dialogs } from '../texts.ts';

export interface CorrectionItem {
  subject: string;
  zh: string;
  en: string;
  ticked: boolean;
}

/** Length of a sentence that the notice can carry. */
export const itemLength = { least: 4, most: 200, most_en: 300 } as const;

export function correctionItems(view: Pick<CaseViewData, 'checks' | 'materials'>): CorrectionItem[] {
  const missing = view.materials.filter((material) => material.state === 'missing');
  return [
    // Why a paper is missing although something was given for it is said with it.
    ...missing.map((material) => ({
      subject: material.code, ticked: true,
      zh: `${dialogs.material_item.zh.replace('{material}', material.name.zh)}${material.evidence?.text.zh ?? ''}`.slice(0, itemLength.most),
      en: [dialogs.material_item.en.replace('{material}', material.name.en), material.evidence?.text.en ?? ''].filter((part) => part !== '').join(' ').slice(0, itemLength.most_en),
    })),
    // What must be refused or decided above is not for the applicant to correct; it is offered unticked.
    ...view.checks.filter((check) => !check.passed).map((check) => ({
      subject: check.rule, zh: (check.finding ?? check.label).zh.slice(0, itemLength.most), en: (check.finding ?? check.label).en.slice(0, itemLength.most_en), ticked: check.on_fail === 'return',
    })),
  ];
}

/** What goes out: ticked items with a sentence long enough. */
export function itemsToSend(items: readonly CorrectionItem[]): Array<{ subject: string; zh: string; en?: string }> {
  return items.filter((item) => item.ticked && [...item.zh.trim()].length >= itemLength.least)
    .map((item) => ({ subject: item.subject, zh: item.zh.trim(), ...(item.en.trim() === '' ? {} : { en: item.en.trim() }) }));
}
