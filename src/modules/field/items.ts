/** The minor items an officer may write down on a round, and the service whose case each change is. */
import type { Text } from '../../kernel/operation.ts';

export interface FieldItem {
  item: 'phone' | 'workplace' | 'occupation' | 'education' | 'military_service' | 'height_cm' | 'blood_type';
  label: Text;
  kind: 'phone' | 'text' | 'code' | 'whole_number';
  /** Code list of `kind: 'code'`. */
  list?: string;
  service_code: string;
  /** What the form of the service calls it. */
  field: string;
  /** A paper must have been seen: the catalogue asks for it. */
  needs_evidence?: true;
}

/** In the order in which people are asked. */
export const fieldItems: readonly FieldItem[] = [
  { item: 'phone', label: { zh: '联系电话', en: 'Phone' }, kind: 'phone', service_code: '0703', field: 'phone' },
  { item: 'workplace', label: { zh: '服务处所', en: 'Workplace' }, kind: 'text', service_code: '0703', field: 'workplace' },
  { item: 'occupation', label: { zh: '职业', en: 'Occupation' }, kind: 'code', list: 'occupation', service_code: '0703', field: 'occupation' },
  { item: 'education', label: { zh: '文化程度', en: 'Education' }, kind: 'code', list: 'education', service_code: '0701', field: 'new_education', needs_evidence: true },
  { item: 'military_service', label: { zh: '兵役状况', en: 'Military service' }, kind: 'code', list: 'military_service', service_code: '0703', field: 'military_service' },
  { item: 'height_cm', label: { zh: '身高(厘米)', en: 'Height (cm)' }, kind: 'whole_number', service_code: '0703', field: 'height_cm' },
  { item: 'blood_type', label: { zh: '血型', en: 'Blood type' }, kind: 'code', list: 'blood_type', service_code: '0703', field: 'blood_type' },
];
