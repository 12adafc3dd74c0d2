/** What the counter page asks while somebody types. Nothing here changes anything. */
import Type, { type Static } from 'typebox';
import { defineContract } from '../../kernel/operation.ts';

const closed = { additionalProperties: false } as const;
const nullableText = Type.Union([Type.String(), Type.Null()]);
const TextSchema = Type.Object({ zh: Type.String(), en: Type.String() });

/** Whole numbers, since the form must carry them: the counter has the cards before it. */
const Named = { person_id: Type.String(), name: Type.String(), id_number: Type.String(), sex: Type.String(), birth_on: Type.String() };

export const CounterMember = Type.Object({ ...Named, relation: Type.String({ description: 'codes: relationship_to_head' }) }, { subject: 'person_id', fields: 'household+number' });
export type CounterMember = Static<typeof CounterMember>;

export const CounterHousehold = Type.Object({
  household_id: Type.String(), household_no: Type.String(), household_type: Type.String(), station_code: Type.String(), station_name: TextSchema,
  address_id: Type.String(), address: Type.String(),
  /** Head first. */
  members: Type.Array(CounterMember),
});
export type CounterHousehold = Static<typeof CounterHousehold>;

export const CounterPerson = Type.Object({
  ...Named, status: Type.String({ description: 'codes: person_status' }), ethnicity: Type.String(), native_place: nullableText, native_place_name: nullableText, marital_status: nullableText, phone: nullableText,
  station_code: Type.String(), station_name: TextSchema,
}, { subject: 'person_id', fields: 'identity+number' });
export type CounterPerson = Static<typeof CounterPerson>;

export const contract = defineContract({
  findHousehold: {
    method: 'POST', path: '/api/counter/household', permission: 'cases.open_case', purpose: 'stated', looks_up: true,
    summary: { zh: '窗口预填:凭号码和姓名查本人及所在户', en: 'Prefill at the counter: the person and household by number and name' },
    input: Type.Object({
      service_code: Type.String({ maxLength: 10 }),
      id_number: Type.String({ minLength: 15, maxLength: 30, mend: { zh: '请填写完整的公民身份号码。', en: 'Enter the whole identity number.' } }),
      name: Type.String({ minLength: 1, maxLength: 60 }),
    }, closed),
    output: Type.Object({
      found: Type.Union([
        Type.Object({
          person: CounterPerson,
          household: Type.Union([CounterHousehold, Type.Null()]),
          kin: Type.Array(Type.Object({ person_id: Type.String(), relative_id: Type.String(), kind: Type.String() })),
        }),
        Type.Null(),
      ]),
    }),
  },
  checkEntry: {
    method: 'POST', path: '/api/counter/check', permission: 'cases.open_case', looks_up: true,
    summary: { zh: '录入时检查已填内容', en: 'Check what was typed so far' },
    input: Type.Object({
      service_code: Type.String({ maxLength: 10 }), applicant_name: Type.String({ maxLength: 200 }), applicant_id_number: Type.String({ maxLength: 60 }),
      answers: Type.Record(Type.String(), Type.Unknown()),
    }, closed),
    output: Type.Object({ violations: Type.Array(Type.Object({ field: Type.String(), code: Type.String(), is_warning: Type.Boolean(), zh: Type.String(), en: Type.String() })) }),
  },
});
export type EntryViolation = Static<typeof contract.checkEntry.output>['violations'][number];
export type FoundAtCounter = NonNullable<Static<typeof contract.findHousehold.output>['found']>;
