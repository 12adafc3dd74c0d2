/** Code lists of the standards, read once; and the list a case was opened from, for going on to the next. */
import { useEffect, useState } from 'preact/hooks';
import { contract as reference, type CodeList } from '../../src/modules/reference/contract.ts';
import { language } from '../kit/language.ts';
import { call } from './session.ts';

const lists = new Map<string, Promise<CodeList>>();
const read = new Map<string, CodeList>();

export function loadCodes(list: string): Promise<CodeList> {
  let loading = lists.get(list);
  if (loading === undefined) {
    loading = call(reference.listCodes, { list }).then((codes) => {
      read.set(list, codes);
      return codes;
    });
    loading.catch(() => lists.delete(list));
    lists.set(list, loading);
  }
  return loading;
}

export function useCodes(list: string): CodeList | undefined {
  const [codes, setCodes] = useState(read.get(list));
  useEffect(() => {
    let shown = true;
    loadCodes(list).then((loaded) => shown && setCodes(loaded), () => {});
    return () => {
      shown = false;
    };
  }, [list]);
  return codes;
}

/** The word for a code; the code itself until the list is there or when it is not in the list. */
export function wordOf(codes: CodeList | undefined, code: string | null): string {
  if (code === null) return '—';
  return codes?.items.find((item) => item.code === code)?.[language()] ?? code;
}

/** Code of `person_status` for somebody whose registration is in order. */
export const statusInOrder = '0';

let opened: { queue: string; case_ids: readonly string[] } = { queue: 'mine', case_ids: [] };

export function rememberQueue(queue: string, case_ids: readonly string[]): void {
  opened = { queue, case_ids };
}
export function rememberedQueue(): { queue: string; case_ids: readonly string[] } {
  return opened;
}
/** The case before (-1) or after (1) this one in the list it was opened from. */
export function neighbourOf(case_id: string, way: -1 | 1): string | undefined {
  const index = opened.case_ids.indexOf(case_id);
  return index < 0 ? undefined : opened.case_ids[index + way];
}
