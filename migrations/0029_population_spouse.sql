-- network: police
-- A divorce is registered on both records, and the other one may be kept by another station: who is somebody's spouse in
-- the register, for the case that ends the marriage. It is asked only of somebody whom name and number have named.
create function population.find_spouse(of_person uuid)
returns table (person_id uuid, id_number text, name text, sex text, birth_on date, status text, station_code text, household_id uuid, address_id uuid)
language sql stable rows 1 security definer set search_path = pg_catalog, pg_temp as $$
  select p.person_id, p.id_number, p.name, p.sex, p.birth_on, p.status, p.station_code, p.household_id, p.address_id
  from population.kin_link k join population.person p on p.person_id = k.relative_id
  where k.person_id = of_person and k.kind = 'spouse' and k.until_on is null
$$;

revoke execute on function population.find_spouse(uuid) from public;
grant execute on function population.find_spouse(uuid) to huzheng_app;
comment on function population.find_spouse(uuid) is '户籍登记的配偶(办理婚姻状况变更时)';
