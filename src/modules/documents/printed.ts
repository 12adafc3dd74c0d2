/** How facts of the register are written on papers. */
import { findAreas, findOrganisations, listCodes } from '../reference/index.ts';
import type { Context } from '../../kernel/index.ts';

/** `2026年11月23日`; nothing for no day. */
export function chineseDay(day: string | null | undefined): string {
  if (day === null || day === undefined || day === '') return '';
  const [year, month, date] = day.slice(0, 10).split('-');
  return `${year}年${Number(month)}月${Number(date)}日`;
}

/** Our own words with the marks of Chinese print; what came from people and from the register stays as it is. */
export function typeset(words: string): string {
  return words.replace(/(?<=[\p{Script=Han}》”）〕]),/gu, '，').replace(/(?<=[\p{Script=Han}》”）〕]):/gu, '：').replace(/(?<=[\p{Script=Han}》”）〕]);/gu, '；')
    .replace(/\((?=[^()]*\p{Script=Han})([^()]*)\)/gu, '（$1）');
}

/** Items that are codes, and the list that each is in. */
const listOf: Record<string, string> = {
  sex: 'sex', ethnicity: 'ethnicity', education: 'education', marital_status: 'marital_status', military_service: 'military_service', blood_type: 'blood_type',
  occupation: 'occupation', status: 'person_status', household_type: 'household_type', relation: 'relationship_to_head', reason: 'migration_reason', cancel_reason: 'cancel_reason',
};

/** The items of a person by the names that papers print. */
export const itemNames: Record<string, string> = {
  name: '姓名', former_name: '曾用名', sex: '性别', birth_on: '出生日期', ethnicity: '民族', id_number: '公民身份号码', birthplace: '出生地', native_place: '籍贯',
  education: '文化程度', marital_status: '婚姻状况', military_service: '兵役状况', blood_type: '血型', height_cm: '身高', occupation: '职业', workplace: '服务处所',
};

/** Writes values of the register; asked once for a paper, so that each list and place is read once. */
export interface Writer {
  /** A value of an item, in words; nothing for no value. */
  value(item: string, value: string | number | null | undefined): string;
  /** A unit by its code. */
  unit(org_code: string | null | undefined): string;
}

/** @param places codes of divisions and units that will be written */
export async function writerFor(context: Context, places: { areas: readonly (string | null | undefined)[]; units: readonly (string | null | undefined)[] }): Promise<Writer> {
  const areaCodes = [...new Set(places.areas)].filter((code): code is string => code !== null && code !== undefined && /^\d{6,12}$/.test(code));
  const unitCodes = [...new Set(places.units)].filter((code): code is string => code !== null && code !== undefined);
  const [areas, units, ...lists] = await Promise.all([
    areaCodes.length === 0 ? new Map<string, { full_name: string }>() : findAreas(context, areaCodes),
    unitCodes.length === 0 ? new Map<string, { name: string }>() : findOrganisations(context, unitCodes),
    ...Object.values(listOf).map((list) => listCodes(context, { list })),
  ]);
  const labels = new Map(Object.keys(listOf).map((item, index) => [item, new Map(lists[index]!.items.map((entry) => [entry.code, entry.zh]))]));
  return {
    value(item, value) {
      if (value === null || value === undefined || value === '') return '';
      const text = String(value);
      switch (item) {
        case 'birth_on': case 'died_on': return chineseDay(text);
        case 'birthplace': case 'native_place': return areas.get(text)?.full_name ?? text;
        case 'height_cm': return `${text}厘米`;
        default: return labels.get(item)?.get(text) ?? text;
      }
    },
    unit: (org_code) => (org_code === null || org_code === undefined ? '' : (units.get(org_code)?.name ?? org_code)),
  };
}
