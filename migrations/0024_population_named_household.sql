-- network: police
-- Somebody stands at a counter with card and name, and is registered elsewhere in the province: the household they
-- belong to, so that nothing the state knows is asked again.

-- Tells only who knows number and name. It looks past row security for that; each look leaves its access record.
-- Of a collective household it shows the person alone.
create function population.household_of_named(number text, folded text) returns jsonb
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object(
    'person', to_jsonb(p) - array['version', 'case_id', 'recorded_from', 'synthetic', 'died_on', 'birthplace', 'education', 'military_service', 'blood_type', 'height_cm', 'occupation', 'workplace'],
    'household', case when h.household_id is null then null else jsonb_build_object(
      'household_id', h.household_id, 'household_no', h.household_no, 'household_type', h.household_type, 'station_code', h.station_code, 'address_id', h.address_id,
      'members', (
        select jsonb_agg(jsonb_build_object('person_id', o.person_id, 'name', o.name, 'id_number', o.id_number, 'sex', o.sex, 'birth_on', o.birth_on, 'relation', n.relation)
          order by n.relation <> '02', o.birth_on, o.person_id)
        from population.membership n join population.person o on o.person_id = n.person_id
        where n.household_id = h.household_id and upper_inf(n.period) and (h.household_type = '1' or n.person_id = p.person_id))) end,
    'kin', (
      select coalesce(jsonb_agg(jsonb_build_object('person_id', k.person_id, 'relative_id', k.relative_id, 'kind', k.kind) order by k.kind, k.person_id, k.relative_id), '[]')
      from population.kin_link k where p.person_id in (k.person_id, k.relative_id) and k.until_on is null))
  from population.find_person_by_number(number, folded) f
  join population.person p on p.person_id = f.person_id
  left join population.membership m on m.person_id = p.person_id and upper_inf(m.period)
  left join population.household h on h.household_id = m.household_id
$$;

revoke execute on function population.household_of_named(text, text) from public;
grant execute on function population.household_of_named(text, text) to huzheng_app;
comment on function population.household_of_named(text, text) is '凭号码和姓名查此人所在的户(窗口预填)';
