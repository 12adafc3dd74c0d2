-- network: police
-- Questions that a case asks of the whole province before somebody enters the register, and where units and communities
-- have their collective households.

-- The columns do not change when somebody moves, so a move leaves this index untouched.
create index person_namesakes on population.person (birth_on, name);
create index household_collective on population.household (station_code, household_type) where household_type <> '1';

-- Who may be the same as somebody to be registered: same name, birth date and sex, anywhere in the province. It tells
-- no more than that there is somebody, and where.
create function population.find_likely_same(of_name text, born date, of_sex text) returns table (name text, birth_on date, station_code text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select p.name, p.birth_on, p.station_code from population.person p
  where p.birth_on = born and p.name = of_name and p.sex = of_sex and p.status <> '7'
  order by p.person_id limit 5
$$;

-- Collective households are those of units and communities and no secret; their members are not told.
create function population.find_collective_households(of_station text, at_address uuid, of_unit text)
returns table (household_id uuid, household_type text, station_code text, address_id uuid, unit_code text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select h.household_id, h.household_type, h.station_code, h.address_id, h.unit_code from population.household h
  where h.household_type <> '1' and h.status = 'active' and h.station_code = of_station
    and (at_address is null or h.address_id = at_address) and (of_unit is null or h.unit_code = of_unit)
  order by h.household_no limit 50
$$;

revoke execute on function population.find_likely_same(text, date, text), population.find_collective_households(text, uuid, text) from public;
grant execute on function population.find_likely_same(text, date, text), population.find_collective_households(text, uuid, text) to huzheng_app;
