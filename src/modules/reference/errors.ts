import { declareRefusals } from '../../kernel/refusal.ts';

export const refusals = declareRefusals({
  'reference.address_search_unbounded': {
    kind: 'invalid',
    zh: '查地址须先限定派出所或县(市、区)、乡镇(街道),二者选一。请先选择。',
    en: 'An address search needs either a station or a county or township. Choose one first.',
  },
  'reference.unknown_code_list': {
    kind: 'not_found',
    zh: '没有代码表“{list}”。请核对名称。',
    en: 'There is no code list "{list}". Check the name.',
  },
  'reference.unknown_organisation': {
    kind: 'not_found',
    zh: '没有机构代码 {org_code}。请从列表中选择。',
    en: 'There is no organisation {org_code}. Choose from the list.',
  },
  'reference.unknown_area': {
    kind: 'invalid',
    zh: '区划代码不存在或不相符。请从列表中重新选择乡镇(街道)和社区(村)。',
    en: 'The division does not exist or does not fit. Choose the township and the community again from the list.',
    constraints: ['standard_address_township_exists', 'standard_address_community_exists', 'standard_address_community_in_township'],
  },
  'reference.unknown_station': {
    kind: 'invalid',
    zh: '此地没有登记管辖派出所。请由上级核定辖区后再编地址。',
    en: 'No station is registered for this place. Have the jurisdiction settled before adding the address.',
    constraints: ['standard_address_station_exists'],
  },
  'reference.address_exists': {
    kind: 'conflict',
    zh: '此地址已在标准地址库中。请直接选用。',
    en: 'This address is already in the address base. Use it.',
    constraints: ['standard_address_line_once'],
  },
  'reference.address_too_long': {
    kind: 'invalid',
    zh: '地址过短或超过 100 个字。请按“街路巷、门牌、楼幢、单元、室”分栏填写。',
    en: 'The address is too short or longer than 100 characters. Enter street, number, building, unit and room in their own fields.',
    constraints: ['standard_address_line_length'],
  },
  'reference.not_loaded': {
    kind: 'unavailable',
    zh: '基础数据尚未装载。请管理员先装载基础数据。',
    en: 'Reference data has not been loaded. Ask the administrator to load it.',
  },
});
