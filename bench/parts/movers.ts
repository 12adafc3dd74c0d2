/** Who moves in a measurement, where to, and what is declared at the counter for it. */
import type pg from 'pg';

export interface Mover {
  name: string;
  id_number: string;
  station_code: string;
}

export interface Destination {
  address_id: string;
  station_code: string;
}

/** One adult of each household who is not its head moves alone, once: cases do not wait for one another. */
export async function listMovers(owner: pg.Pool, county: string, rows_max = 1_000_000): Promise<Mover[]> {
  const { rows } = await owner.query<Mover>(
    `select distinct on (m.household_id) p.name, p.id_number, p.station_code from population.person p join population.membership m on m.person_id = p.person_id and upper_inf(m.period)
     join population.household h on h.household_id = m.household_id
     where p.station_code like $1 || '%' and p.status = '0' and m.relation <> '02' and h.household_type = '1' and p.birth_on < '2000-01-01' order by m.household_id, p.person_id limit $2`, [county, rows_max]);
  return rows;
}

/** Addresses of the stations whose code begins so, in an order that mixes the stations. */
export async function listDestinations(owner: pg.Pool, prefix: string, rows_max: number): Promise<Destination[]> {
  const { rows } = await owner.query<Destination>(
    `select address_id, station_code from reference.standard_address where station_code like $1 || '%' order by md5(address_id::text) limit $2`, [prefix, rows_max]);
  return rows;
}

/** A move of one person into a new household of their own, as the counter enters it. */
export function declarationOf({ name, id_number }: Mover, { address_id }: Destination): object {
  return {
    service_code: '0503', applicant_name: name, applicant_id_number: id_number, applicant_phone: '19900000000',
    answers: {
      movers: [{ name, id_number, relation: '02' }], whole_household: false, head_leaves: false, address_id,
      household_choice: 'new', reason: '99', housing_basis: 'owned', applicant_phone: '19900000000', delivery_mode: 'electronic',
    },
    materials: [{ code: 'M01', by: 'provided' }, { code: 'M24', by: 'provided' }],
  };
}
