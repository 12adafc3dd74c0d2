/** What officers may ask of the register. Nothing here changes it: changes are made by cases. */
import Type, { type Static } from 'typebox';
import { defineContract } from '../../kernel/operation.ts';

const closed = { additionalProperties: false } as const;
const Id = Type.String({ format: 'uuid' });
const Day = Type.String({ format: 'date' });
const nullableText = Type.Union([Type.String(), Type.Null()]);
const TextSchema = Type.Object({ zh: Type.String(), en: Type.String() });

const Named = {
  person_id: Type.String(), name: Type.String(), sex: Type.String(), birth_on: Type.String(),
  id_number_masked: Type.String({ description: '530102********123X' }),
};

export const PersonRow = Type.Object({
  ...Named,
  former_name: nullableText,
  status: Type.String({ description: 'codes: person-status' }),
  station_code: Type.String(), station_name: TextSchema,
  household_id: nullableText, household_no: nullableText, relation: nullableText,
  address: Type.String(),
}, { subject: 'person_id', fields: 'search_hit' });
export type PersonRow = Static<typeof PersonRow>;

export const HouseholdSummary = Type.Object({
  household_id: Type.String(), household_no: nullableText, household_type: nullableText, relation: Type.String(),
  station_code: Type.String(), station_name: TextSchema, address: Type.String(),
});
export type HouseholdSummary = Static<typeof HouseholdSummary>;

export const TimelineEntry = Type.Object({
  on: Type.String({ description: 'legal day from which it holds' }),
  kind: Type.Enum(['joined', 'moved', 'reversed', 'relation', 'left', 'altered', 'corrected', 'kin', 'kin_ended']),
  household_no: Type.Optional(nullableText),
  relation: Type.Optional(nullableText),
  out_station: Type.Optional(Type.Union([TextSchema, Type.Null()])),
  in_station: Type.Optional(Type.Union([TextSchema, Type.Null()])),
  reason: Type.Optional(Type.String({ description: 'codes: migration-reason' })),
  range: Type.Optional(Type.String({ description: 'codes: migration-range' })),
  item: Type.Optional(Type.String()),
  old_value: Type.Optional(nullableText),
  new_value: Type.Optional(nullableText),
  kin: Type.Optional(Type.String({ description: 'father | mother | spouse | guardian | child | ward' })),
  case_id: Type.String(),
  recorded_at: Type.String(),
});
export type TimelineEntry = Static<typeof TimelineEntry>;

export const Relative = Type.Object({
  /** Null together with the name when the relative is registered outside of the jurisdiction. */
  person_id: nullableText,
  name: nullableText,
  kind: Type.Enum(['father', 'mother', 'spouse', 'guardian', 'child', 'ward']),
  from_on: Type.String(), until_on: nullableText,
}, { subject: 'person_id', fields: 'relative' });
export type Relative = Static<typeof Relative>;

export const LeaseView = Type.Object({
  kind: Type.String(), case_id: Type.String(), case_no: nullableText, holder: Type.String(), office: TextSchema, phone: nullableText, expires_at: Type.String(),
});
export type LeaseView = Static<typeof LeaseView>;

export const PersonPage = Type.Object({
  ...Named,
  former_name: nullableText, ethnicity: Type.String(), birthplace: nullableText, native_place: nullableText,
  status: Type.String(), died_on: nullableText,
  education: nullableText, marital_status: nullableText, military_service: nullableText, blood_type: nullableText,
  height_cm: Type.Union([Type.Integer(), Type.Null()]), occupation: nullableText, workplace: nullableText, phone: nullableText,
  synthetic: Type.Boolean(),
  /** The whole number, only on request within a case. */
  whole_number: Type.Union([Type.Object({ person_id: Type.String(), id_number: Type.String() }, { subject: 'person_id', fields: 'number' }), Type.Null()]),
  household: Type.Union([HouseholdSummary, Type.Null()]),
  relatives: Type.Array(Relative),
  leases: Type.Array(LeaseView),
  timeline: Type.Array(TimelineEntry, { description: 'newest first' }),
  versions: Type.Array(Type.Object({ version: Type.Integer(), recorded_from: Type.String(), recorded_until: nullableText, case_id: Type.String() })),
  as_of: nullableText, known_at: nullableText,
}, { subject: 'person_id', fields: 'record' });
export type PersonPage = Static<typeof PersonPage>;

export const Member = Type.Object({
  ...Named, relation: Type.String(), since_on: Type.String(), until_on: nullableText, status: Type.String(),
}, { subject: 'person_id', fields: 'household' });
export type Member = Static<typeof Member>;

export const HouseholdPage = Type.Object({
  household_id: Type.String(), household_no: Type.String(), household_type: Type.String(),
  station_code: Type.String(), station_name: TextSchema, address_id: Type.String(), address: Type.String(),
  established_on: Type.String(), status: Type.Enum(['active', 'closed']), closed_on: nullableText,
  members: Type.Array(Member),
  next_after: nullableText,
  leases: Type.Array(LeaseView),
  as_of: nullableText, known_at: nullableText,
});
export type HouseholdPage = Static<typeof HouseholdPage>;

const moments = {
  as_of: Type.Optional(Type.String({ format: 'date', description: 'how it was at the end of this legal day' })),
  known_at: Type.Optional(Type.String({ format: 'date-time', description: 'as the register knew it at this instant' })),
};

export const contract = defineContract({
  // Searches travel in the body: numbers and names have no place in addresses and their logs.
  searchPersons: {
    method: 'POST', path: '/api/population/persons/search', permission: 'population.search_persons', purpose: 'stated', looks_up: true,
    summary: { zh: '在管辖范围内查人', en: 'Find persons in the jurisdiction' },
    input: Type.Object({
      id_number: Type.Optional(Type.String({ minLength: 15, maxLength: 30, mend: { zh: '请填写完整的公民身份号码。', en: 'Enter the whole identity number.' } })),
      name: Type.Optional(Type.String({ minLength: 2, maxLength: 50, mend: { zh: '姓名至少两个字,或两个字母的拼音、首字母。', en: 'At least two characters of the name, or two letters of pinyin or initials.' } })),
      birth_on: Type.Optional(Day),
      address: Type.Optional(Type.String({ minLength: 2, maxLength: 60 })),
      address_id: Type.Optional(Id),
      station_code: Type.Optional(Type.String({ pattern: '^[0-9]{6}[0-9A-Z]{2}[0-9]{4}$' })),
      cursor: Type.Optional(Type.String({ maxLength: 400 })),
      rows_max: Type.Optional(Type.Integer({ minimum: 1, maximum: 20 })),
    }, closed),
    output: Type.Object({ persons: Type.Array(PersonRow), next_cursor: nullableText }),
  },
  findPersonByNumber: {
    method: 'POST', path: '/api/population/persons/by-number', permission: 'population.find_person_by_number', purpose: 'stated', looks_up: true,
    summary: { zh: '全省按号码和姓名核对一人', en: 'Find one person of the province by number and name' },
    input: Type.Object({
      id_number: Type.String({ minLength: 15, maxLength: 30, mend: { zh: '请填写完整的公民身份号码。', en: 'Enter the whole identity number.' } }),
      name: Type.String({ minLength: 1, maxLength: 50 }),
    }, closed),
    output: Type.Object({
      person: Type.Union([
        Type.Object({
          person_id: Type.String(), name: Type.String(), id_number_masked: Type.String(), status: Type.String(), station_code: Type.String(), station_name: TextSchema,
          number_was_retired: Type.Boolean(),
        }, { subject: 'person_id', fields: 'search_hit' }),
        Type.Null(),
      ]),
    }),
  },
  getPerson: {
    method: 'GET', path: '/api/population/persons/:person_id', permission: 'population.get_person', purpose: 'stated',
    summary: { zh: '查看人员登记内容与历史', en: 'Read a person and the history' },
    input: Type.Object({ person_id: Id, ...moments, unmask: Type.Optional(Type.Boolean()) }, closed),
    output: PersonPage,
  },
  getHousehold: {
    method: 'GET', path: '/api/population/households/:household_id', permission: 'population.get_household', purpose: 'stated',
    summary: { zh: '查看户与成员', en: 'Read a household and its members' },
    input: Type.Object({ household_id: Id, ...moments, after: Type.Optional(Id) }, closed),
    output: HouseholdPage,
  },
});
