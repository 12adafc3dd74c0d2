/** What a phone on a round asks and sends. */
import Type, { type Static } from 'typebox';
import { defineContract } from '../../kernel/operation.ts';

const closed = { additionalProperties: false } as const;
const Id = Type.String({ format: 'uuid' });
const nullableText = Type.Union([Type.String(), Type.Null()]);
const TextSchema = Type.Object({ zh: Type.String(), en: Type.String() });
const Item = Type.Enum(['phone', 'workplace', 'occupation', 'education', 'military_service', 'height_cm', 'blood_type']);
export type ItemName = Static<typeof Item>;

const Named = { person_id: Type.String(), name: Type.String(), sex: Type.String(), birth_on: Type.String() };

export const FieldMember = Type.Object({ ...Named, relation: Type.String({ description: 'codes: relationship_to_head' }) }, { subject: 'person_id', fields: 'household' });
export const FieldHousehold = Type.Object({ household_id: Type.String(), household_no: Type.String(), address: Type.String(), members: Type.Array(FieldMember) });
export type FieldHousehold = Static<typeof FieldHousehold>;

export const Sheet = Type.Object({
  ...Named, id_number_masked: Type.String(), address: Type.String(), status: Type.String({ description: 'codes: person_status' }),
  items: Type.Array(Type.Object({
    item: Item, label: TextSchema, kind: Type.String({ description: 'phone | text | code | whole_number' }), list: nullableText, needs_evidence: Type.Boolean(),
    /** As text, as it is typed: codes as codes, numbers in digits; null where nothing is registered. */
    value: nullableText,
  })),
  read_at: Type.String(),
}, { subject: 'person_id', fields: 'minor_items' });
export type Sheet = Static<typeof Sheet>;

const Value = Type.String({ minLength: 1, maxLength: 100, mend: { zh: '请填写新的内容。', en: 'Enter the new value.' } });

export const contract = defineContract({
  listCommunities: {
    method: 'GET', path: '/api/field/communities', permission: 'population.search_persons', summary: { zh: '本所辖区的社区(村)', en: 'Communities and villages of the own station' },
    input: Type.Object({}, closed),
    output: Type.Object({ communities: Type.Array(Type.Object({ community_code: Type.String(), name: Type.String(), township: Type.String() })) }),
  },
  listHouseholds: {
    method: 'GET', path: '/api/field/households', permission: 'population.search_persons', purpose: 'stated', summary: { zh: '一个社区(村)的住户,按门牌', en: 'Households of a community, door by door' },
    input: Type.Object({
      community_code: Type.String({ pattern: '^[0-9]{12}$', mend: { zh: '请从列表中选择社区或村。', en: 'Choose the community or village from the list.' } }),
      after: Type.Optional(Type.String({ maxLength: 200 })),
    }, closed),
    output: Type.Object({ households: Type.Array(FieldHousehold), next: nullableText }),
  },
  getSheet: {
    method: 'GET', path: '/api/field/persons/:person_id', permission: 'population.get_person', purpose: 'stated', summary: { zh: '走访登记表:一人的非主项', en: 'Sheet of one person: the minor items' },
    input: Type.Object({ person_id: Id }, closed), output: Sheet,
  },
  saveItems: {
    method: 'POST', path: '/api/field/persons/:person_id/items', permission: 'cases.execute_case', summary: { zh: '登记走访所得的非主项', en: 'Register minor items from a round' },
    input: Type.Object({
      person_id: Id,
      changes: Type.Array(Type.Object({
        item: Item,
        /** What the phone showed when the officer wrote the new value down. Null comes first: forms that know no null are read leniently. */
        seen: Type.Union([Type.Null(), Type.String()]),
        value: Value,
      }, closed), { minItems: 1, maxItems: 7 }),
      told_by: Type.Enum(['self', 'family']),
      /** The officer has seen the identity card of whoever told it. */
      identity_checked: Type.Literal(true, { mend: { zh: '请当面核对身份证件后勾选。', en: 'Check the identity card in person, then tick.' } }),
      /** The officer has seen the paper that an item needs (a diploma). */
      evidence_seen: Type.Boolean(),
      /** When it was written down, which may be long before it is sent. */
      noted_at: Type.String({ format: 'date-time' }),
    }, closed),
    output: Type.Object({
      /** Items that changed now, and those that said so already. */
      registered: Type.Array(Item), unchanged: Type.Array(Item),
      case_nos: Type.Array(Type.String()), at: Type.String(),
    }),
  },
});
export type Saved = Static<typeof contract.saveItems.output>;
