/** What may be chosen for a field: its own options, or the selectable items of its code list. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Text } from '../../kernel/operation.ts';
import { catalogueDirectory } from './load.ts';
import type { Field } from './service.ts';

export interface Option {
  value: string;
  label: Text;
  /** The sex that a relation's word implies (GB/T 2261.1), or null. */
  implied_sex: '1' | '2' | null;
  group: string | null;
}

interface CodeItem {
  code: string;
  zh: string;
  en: string;
  selectable?: boolean;
  implied_sex?: '1' | '2';
  group?: string;
}

const lists = new Map<string, readonly Option[]>();

/** Relation of a member to the head of the household, GB/T 4761. */
export const relationList = 'relationship_to_head';
/** GB/T 4761: the head itself. */
export const relationHead = '02';

/**
 * Items of a code list that new entries may use, in the order of the standard.
 * @param list the list's name, such as `migration_reason`
 * @throws Error when there is no such list
 */
export function codeOptions(list: string): readonly Option[] {
  let options = lists.get(list);
  if (options === undefined) {
    const file = JSON.parse(readFileSync(join(catalogueDirectory, 'codes', `${list.replaceAll('_', '-')}.json`), 'utf8')) as { items: CodeItem[] };
    options = file.items.filter((item) => item.selectable !== false)
      .map((item) => ({ value: item.code, label: { zh: item.zh, en: item.en }, implied_sex: item.implied_sex ?? null, group: item.group ?? null }));
    lists.set(list, options);
  }
  return options;
}

/** What a field of type choice, code or yes_no offers; empty for the others. */
export function optionsOf(field: Field): readonly Option[] {
  if (field.type === 'yes_no') return yesNo;
  if (field.type === 'code') {
    const all = codeOptions(field.list ?? field.name);
    return field.codes === undefined ? all : field.codes.flatMap((code) => all.filter((option) => option.value === code));
  }
  return (field.options ?? []).map((option) => ({ ...option, implied_sex: null, group: null }));
}

const yesNo: readonly Option[] = [
  { value: 'yes', label: { zh: '是', en: 'Yes' }, implied_sex: null, group: null },
  { value: 'no', label: { zh: '否', en: 'No' }, implied_sex: null, group: null },
];
