/** What may be looked up. Nobody is ever sent the whole tree of divisions: pickers ask for a page at a time. */
import Type, { type Static } from 'typebox';
import { defineContract } from '../../kernel/operation.ts';

const closed = { additionalProperties: false } as const;
const nullableText = Type.Union([Type.String(), Type.Null()]);

export const AreaCode = Type.String({
  pattern: '^([0-9]{6}|[0-9]{9}|[0-9]{12})$',
  mend: { zh: '区划代码为 6、9 或 12 位数字,请从列表中选择。', en: 'A division code has 6, 9 or 12 digits; choose from the list.' },
});
export const OrganisationCode = Type.String({
  pattern: '^[0-9]{6}[0-9A-Z]{2}[0-9]{4}$',
  mend: { zh: '机构代码为 12 位,请从列表中选择。', en: 'An organisation code has 12 characters; choose from the list.' },
});
const Query = Type.String({
  minLength: 1,
  maxLength: 60,
  mend: { zh: '请输入汉字、拼音或拼音首字母,不超过 60 个字。', en: 'Enter Chinese characters, pinyin or initials, at most 60 characters.' },
});

export const Area = Type.Object({
  code: Type.String(),
  name: Type.String(),
  name_en: Type.String(),
  full_name: Type.String(),
  level: Type.Enum(['PROVINCE', 'PREFECTURE', 'COUNTY', 'TOWNSHIP', 'COMMUNITY']),
  has_children: Type.Boolean(),
  is_retired: Type.Boolean(),
  successor_code: nullableText,
});
export type Area = Static<typeof Area>;

export const Organisation = Type.Object({
  org_code: Type.String(),
  name: Type.String(),
  name_en: Type.String(),
  level: Type.Enum(['STATION', 'COUNTY', 'PREFECTURE', 'PROVINCE']),
  parent_code: nullableText,
  phone: nullableText,
  address: nullableText,
  is_retired: Type.Boolean(),
  successor_code: nullableText,
});
export type Organisation = Static<typeof Organisation>;

export const FoundAddress = Type.Object({
  address_id: Type.String(),
  line: Type.String(),
  station_code: Type.String(),
});
export type FoundAddress = Static<typeof FoundAddress>;

export const CodeList = Type.Object({
  list: Type.String(),
  zh: Type.String(),
  en: Type.String(),
  standard: nullableText,
  items: Type.Array(
    Type.Object({
      code: Type.String(),
      zh: Type.String(),
      en: Type.String(),
      is_selectable: Type.Boolean(),
      attributes: Type.Record(Type.String(), Type.Unknown()),
    }),
  ),
});
export type CodeList = Static<typeof CodeList>;

const PUBLIC_FACTS = 'Divisions, code lists and police organisations are published facts; forms need them before anybody signs in.';
const PUBLIC_DOORPLATES =
  'Doorplates are public signs and an address names no person; every answer is bounded by one station or division and by twenty rows.';

export const contract = defineContract({
  searchAreas: {
    method: 'GET', path: '/api/reference/areas/search', permission: 'public', why_public: PUBLIC_FACTS, rate_per_minute: 600,
    summary: { zh: '按汉字、拼音或首字母查行政区划', en: 'Find divisions by characters, pinyin or initials' },
    input: Type.Object({
      query: Query,
      within: Type.Optional(AreaCode),
      level: Type.Optional(Type.Enum(['PROVINCE', 'PREFECTURE', 'COUNTY', 'TOWNSHIP', 'COMMUNITY'])),
      include_retired: Type.Optional(Type.Boolean({ default: false })),
    }, closed),
    output: Type.Object({ areas: Type.Array(Area) }),
  },
  listAreaChildren: {
    method: 'GET', path: '/api/reference/areas/children', permission: 'public', why_public: PUBLIC_FACTS, rate_per_minute: 600,
    summary: { zh: '列出下一级行政区划', en: 'List the divisions one level below' },
    input: Type.Object({ parent_code: Type.Optional(AreaCode), after: Type.Optional(AreaCode) }, closed),
    output: Type.Object({ areas: Type.Array(Area), next_after: nullableText }),
  },
  searchAddresses: {
    method: 'GET', path: '/api/reference/addresses/search', permission: 'public', why_public: PUBLIC_DOORPLATES, rate_per_minute: 600,
    summary: { zh: '在一个派出所或区划内查标准地址', en: 'Find standard addresses inside one station or division' },
    input: Type.Object({
      query: Query,
      station_code: Type.Optional(OrganisationCode),
      area_code: Type.Optional(AreaCode),
    }, closed),
    output: Type.Object({ addresses: Type.Array(FoundAddress) }),
  },
  listCodes: {
    method: 'GET', path: '/api/reference/codes/:list', permission: 'public', why_public: PUBLIC_FACTS, rate_per_minute: 600,
    summary: { zh: '列出一个代码表', en: 'List the codes of one list' },
    input: Type.Object({ list: Type.String({ pattern: '^[a-z_]{2,40}$' }) }, closed),
    output: CodeList,
  },
  searchOrganisations: {
    method: 'GET', path: '/api/reference/organisations/search', permission: 'public', why_public: PUBLIC_FACTS, rate_per_minute: 600,
    summary: { zh: '查公安机关和派出所', en: 'Find police organisations' },
    input: Type.Object({
      query: Type.Optional(Query),
      level: Type.Optional(Type.Enum(['STATION', 'COUNTY', 'PREFECTURE', 'PROVINCE'])),
      parent_code: Type.Optional(OrganisationCode),
      area_code: Type.Optional(AreaCode),
    }, closed),
    output: Type.Object({ organisations: Type.Array(Organisation) }),
  },
  getOrganisation: {
    method: 'GET', path: '/api/reference/organisations/:org_code', permission: 'public', why_public: PUBLIC_FACTS, rate_per_minute: 600,
    summary: { zh: '查看一个公安机关', en: 'Read one police organisation' },
    input: Type.Object({ org_code: OrganisationCode }, closed),
    output: Type.Object({
      organisation: Organisation,
      superiors: Type.Array(Type.Object({ org_code: Type.String(), name: Type.String(), name_en: Type.String() })),
    }),
  },
});
