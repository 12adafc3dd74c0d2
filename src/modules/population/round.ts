/** What a round from door to door asks of the register. */
import type { Context } from '../../kernel/context.ts';

export interface HouseholdBehind {
  household_id: string;
  household_no: string;
  address_id: string;
  /** Head first; of a collective household nobody, since it lives behind no one door. */
  members: Array<{ person_id: string; name: string; sex: '1' | '2'; birth_on: string; relation: string }>;
}

/** Family households registered at these addresses now, as far as the caller may see them. */
export function householdsBehind(context: Context, address_ids: readonly string[]): Promise<HouseholdBehind[]> {
  return context.query<HouseholdBehind>(
    `select h.household_id, h.household_no, h.address_id,
       (select coalesce(json_agg(json_build_object('person_id', p.person_id, 'name', p.name, 'sex', p.sex, 'birth_on', p.birth_on, 'relation', m.relation)
          order by m.relation <> '02', p.birth_on, p.person_id), '[]')
        from population.membership m join population.person p on p.person_id = m.person_id where m.household_id = h.household_id and upper_inf(m.period)) as members
     from population.household h where h.address_id = any($1::uuid[]) and h.status = 'active' and h.household_type = '1' order by h.household_no limit 200`, [address_ids]);
}

export interface AlterationOfCase {
  person_id: string;
  item: string;
  old_value: string | null;
  new_value: string | null;
}

/** What a case has altered, old and new value of each item. */
export function alterationsOfCase(context: Context, case_id: string): Promise<AlterationOfCase[]> {
  return context.query<AlterationOfCase>('select person_id, item, old_value, new_value from population.alteration where case_id = $1 order by item limit 50', [case_id]);
}
