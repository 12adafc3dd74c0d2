-- network: police
-- The general gate of the register: one plan of small acts, carried out in order, at one instant, for one case.
-- Births, arrivals and departures, deaths, cancellations and restorations, alterations, new numbers, household acts
-- and kinship all pass here, and so does the planned undo of a case, at the end of this file.

-- What the plans need to remember ---------------------------------------------------------------------------------

alter table population.household
  add column unit_name text constraint household_unit_name_length check (char_length(unit_name) between 1 and 100),
  add column unit_code text collate "C" constraint household_unit_code_form check (unit_code ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'),
  add column manager_id uuid constraint household_manager_exists references population.person,
  add constraint household_unit_is_collective check (household_type <> '1' or num_nonnulls(unit_name, unit_code, manager_id) = 0);
alter table population.household_past
  add column unit_name text,
  add column unit_code text collate "C",
  add column manager_id uuid;
select population.keep_versions('household');

-- Guardians stand beside the parents: whom a court, an agency or a will appointed (民法典 第二十七条至第三十一条). A
-- ward may have several; the other kinds remain one of each.
alter table population.kin_link drop constraint kin_kind_known,
  add constraint kin_kind_known check (kind in ('father', 'mother', 'spouse', 'guardian'));
drop index population.kin_one_of_a_kind;
create unique index kin_one_of_a_kind on population.kin_link (person_id, kind) where until_on is null and kind <> 'guardian';
create unique index kin_guardian_once on population.kin_link (person_id, relative_id) where until_on is null and kind = 'guardian';

alter table population.alteration add column reason_code text;

-- One register holds real people or invented ones, never both: numbers given out in a demonstration stay recognisable.
create table population.register_kind (
  synthetic boolean not null
);
create unique index register_of_one_kind on population.register_kind ((true));
insert into population.register_kind (synthetic) select synthetic from population.person limit 1;

-- How far the sequence codes of a county, birth date and sex are used up (公民身份号码顺序码登记表, GB 11643). Whoever
-- takes a number holds the row until the end of the transaction, so twins at two counters get two numbers.
create table population.number_pool (
  number_area text collate "C" not null constraint number_area_form check (number_area ~ '^[1-9][0-9]{5}$'),
  birth_on date not null,
  sex text not null constraint number_pool_sex_known check (sex in ('1', '2')),
  last_sequence integer not null constraint number_pool_fits check (last_sequence between 0 and 999),
  constraint number_pool_pkey primary key (number_area, birth_on, sex)
);

-- Papers that serve once: a birth certificate registers one child, a migration certificate one arrival.
create table population.used_document (
  used_document_id uuid constraint used_document_pkey primary key,
  kind text not null constraint used_document_kind_form check (kind ~ '^[a-z][a-z_]{2,39}$'),
  number text collate "C" not null constraint used_document_number_form check (number ~ '^[^[:space:][:lower:]]{1,60}$'),
  case_id uuid not null,
  recorded_from timestamptz not null,
  given_back_at timestamptz,
  given_back_by uuid
);
create unique index document_used_once on population.used_document (kind, number) where given_back_at is null;
create index used_document_case on population.used_document (case_id);
create trigger case_is_stamped before insert on population.used_document for each row execute function population.stamp();

-- What each plan touched, so that a case can be read back, and undone, without a walk through the register.
create table population.applied_plan (
  applied_plan_id uuid constraint applied_plan_pkey primary key,
  -- The case that was undone, when the plan was an undo.
  undoes uuid,
  person_ids uuid[] not null,
  household_ids uuid[] not null,
  case_id uuid not null,
  recorded_from timestamptz not null
);
create index applied_plan_case on population.applied_plan (case_id);
create index lease_case on population.lease (case_id);
create index household_manager on population.household (manager_id) where manager_id is not null;
create trigger case_is_stamped before insert on population.applied_plan for each row execute function population.stamp();
create trigger only_added before update or delete or truncate on population.applied_plan for each statement execute function population.keep_everything();

-- A number given up by a case that was undone goes back to the same person, and to nobody else ever.
alter table population.retired_number add column returned_at timestamptz;
drop trigger only_added on population.retired_number;
create trigger nothing_is_deleted before delete or truncate on population.retired_number for each statement execute function population.keep_everything();
create trigger only_returned before update of id_number, person_id, station_code, case_id, recorded_from on population.retired_number
  for each statement execute function population.keep_everything();

-- Which status may follow which. What needs a correction restores or removes what should never have been registered
-- so: it takes the approval of a correcting case (云南 2021 户口规则 恢复与删除;户口登记条例 第十七条).
create table population.status_transition (
  from_status text not null constraint transition_from_known check (from_status ~ '^[0-9]$'),
  to_status text not null constraint transition_to_known check (to_status ~ '^[0-9]$'),
  kind text not null constraint transition_kind_known check (kind in ('change', 'correction')),
  constraint status_transition_pkey primary key (from_status, to_status)
);
insert into population.status_transition (from_status, to_status, kind) values
  -- From the register: death, moved out, service, settled abroad, in transit, nationality lost, deleted, other (missing).
  ('0', '1', 'change'), ('0', '2', 'change'), ('0', '3', 'change'), ('0', '4', 'change'), ('0', '5', 'change'),
  ('0', '6', 'change'), ('0', '7', 'change'), ('0', '9', 'change'),
  -- On the way: arrived or returned, arrived elsewhere, died.
  ('5', '0', 'change'), ('5', '2', 'change'), ('5', '1', 'change'),
  -- Back: moved here again, discharged, settled again, naturalised again, found again.
  ('2', '0', 'change'), ('3', '0', 'change'), ('4', '0', 'change'), ('6', '0', 'change'), ('9', '0', 'change'),
  -- Died in service or while missing; lost the nationality after settling abroad.
  ('3', '1', 'change'), ('9', '1', 'change'), ('4', '6', 'change'),
  -- The declaration of death was revoked, the deletion was wrong; a cancelled record turns out to be a duplicate.
  ('1', '0', 'correction'), ('7', '0', 'correction'),
  ('1', '7', 'correction'), ('2', '7', 'correction'), ('3', '7', 'correction'), ('4', '7', 'correction'),
  ('5', '7', 'correction'), ('6', '7', 'correction'), ('9', '7', 'correction');

create trigger nothing_is_deleted before delete or truncate on population.used_document for each statement execute function population.keep_everything();

-- Walls ------------------------------------------------------------------------------------------------------------

create or replace function population.guard_person() returns trigger
language plpgsql as $$
begin
  if new.person_id <> old.person_id then
    perform population.refuse('identity_is_fixed', old.person_id::text);
  end if;
  if old.status = '1' and not population.case_may('correction') then
    perform population.refuse('person_dead', old.person_id::text);
  end if;
  if new.status <> old.status and not population.case_may('undo') and not exists (
    select from population.status_transition t
    where t.from_status = old.status and t.to_status = new.status and (t.kind = 'change' or population.case_may('correction'))) then
    perform population.refuse('status_transition_unlawful', old.person_id::text);
  end if;
  if (new.name, new.former_name, new.sex, new.birth_on, new.ethnicity, new.id_number, new.birthplace, new.native_place)
    is distinct from (old.name, old.former_name, old.sex, old.birth_on, old.ethnicity, old.id_number, old.birthplace, old.native_place)
    and not population.case_may('main_items') then
    perform population.refuse('main_item_needs_approval', old.person_id::text);
  end if;
  return new;
end $$;

create or replace function population.guard_id_number() returns trigger
language plpgsql as $$
begin
  if exists (
    select from population.retired_number r where r.id_number = new.id_number and r.returned_at is null
      and not (r.person_id = new.person_id and population.case_may('undo'))) then
    perform population.refuse('id_number_retired', new.person_id::text);
  end if;
  if tg_op = 'UPDATE' then
    update population.retired_number set returned_at = kernel.moment() where id_number = new.id_number and returned_at is null;
    insert into population.retired_number as r (id_number, person_id, station_code) values (old.id_number, old.person_id, old.station_code)
    on conflict on constraint retired_number_pkey do update set returned_at = null;
  end if;
  return null;
end $$;

-- GB 11643: digits 7 to 14 are the birth date and digit 17 is odd for men. Numbers that were wrong when the register
-- took them over stay until their correction; none is made wrong. Checked when the transaction ends, because the sex
-- changes first and the number follows.
create function population.check_number_of_person() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if exists (
    select from population.person p where p.person_id = new.person_id
      and (substr(p.id_number, 7, 8) <> to_char(p.birth_on, 'YYYYMMDD') or (substr(p.id_number, 17, 1)::integer % 2 = 1) <> (p.sex = '1'))) then
    perform population.refuse('id_number_of_another', new.person_id::text);
  end if;
  return null;
end $$;
create constraint trigger number_is_of_person after insert on population.person
  deferrable initially deferred for each row execute function population.check_number_of_person();
create constraint trigger number_stays_of_person after update of id_number, birth_on, sex on population.person
  deferrable initially deferred for each row
  when ((old.id_number, old.birth_on, old.sex) is distinct from (new.id_number, new.birth_on, new.sex)) execute function population.check_number_of_person();

-- A corrected birth date makes nobody older than the parents or younger than the children.
create function population.check_kin_of_person() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if exists (
    select from population.kin_link k
    join population.person child on child.person_id = k.person_id
    join population.person parent on parent.person_id = k.relative_id
    where new.person_id in (k.person_id, k.relative_id) and k.kind in ('father', 'mother') and k.until_on is null and parent.birth_on >= child.birth_on) then
    perform population.refuse('parent_is_older', new.person_id::text);
  end if;
  return null;
end $$;
create constraint trigger kin_stays_in_order after update of birth_on on population.person
  deferrable initially deferred for each row when (old.birth_on <> new.birth_on) execute function population.check_kin_of_person();

-- A parent is older than the child, so kinship has no circles; a guardian is of age (民法典 第十七条、第二十七条).
create or replace function population.guard_kin_link() returns trigger
language plpgsql as $$
begin
  if new.kind in ('father', 'mother') and exists (
    select from population.person child, population.person parent
    where child.person_id = new.person_id and parent.person_id = new.relative_id and parent.birth_on >= child.birth_on) then
    perform population.refuse('parent_is_older', new.person_id::text);
  end if;
  if tg_op = 'INSERT' and new.kind = 'guardian' and exists (
    select from population.person g where g.person_id = new.relative_id and g.birth_on + interval '18 years' > new.from_on) then
    perform population.refuse('guardian_is_of_age', new.relative_id::text);
  end if;
  return new;
end $$;

-- Spouses are one another's, whichever household or station either is registered in. Checked when the transaction ends,
-- because the two rows follow one another.
create function population.check_spouses() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if exists (
    select from population.kin_link k
    where k.kind = 'spouse' and k.until_on is null
      and (k.person_id = new.person_id and k.relative_id = new.relative_id or k.person_id = new.relative_id and k.relative_id = new.person_id)
      and not exists (
        select from population.kin_link b where b.person_id = k.relative_id and b.relative_id = k.person_id and b.kind = 'spouse' and b.until_on is null)) then
    perform population.refuse('spouses_are_mutual', new.person_id::text);
  end if;
  return null;
end $$;
create constraint trigger spouses_are_mutual after insert or update of relative_id, until_on on population.kin_link
  deferrable initially deferred for each row when (new.kind = 'spouse') execute function population.check_spouses();

-- Numbers ----------------------------------------------------------------------------------------------------------

-- The next number of a county, birth date and sex: sequence codes 001 to 999, odd for men; in a demonstration 900 to
-- 999, by which invented people are known. Never one in use, never one given up, and never back to the beginning.
create function population.assign_number(area text, born date, of_sex text) returns text
language plpgsql as $$
declare
  used_up_to integer;
  taken integer;
  assigned text;
begin
  insert into population.number_pool as p (number_area, birth_on, sex, last_sequence)
  values (area, born, of_sex, case when (select synthetic from population.register_kind) then 899 else 0 end)
  on conflict on constraint number_pool_pkey do update set last_sequence = p.last_sequence
  returning last_sequence into used_up_to;
  select c.sequence, c.id_number into taken, assigned
  from (
    select s as sequence, d.digits || substr('10X98765432', 1 + (
      select sum(w.weight * substr(d.digits, w.place::integer, 1)::integer) % 11 from unnest(array[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) with ordinality w (weight, place))::integer, 1) as id_number
    from generate_series(used_up_to + 1, 999) s
    cross join lateral (select area || to_char(born, 'YYYYMMDD') || lpad(s::text, 3, '0') as digits) d
    where s % 2 = case of_sex when '1' then 1 else 0 end
  ) c
  where not exists (select from population.person p where p.id_number = c.id_number)
    and not exists (select from population.retired_number r where r.id_number = c.id_number)
  order by c.sequence limit 1;
  if assigned is null then
    perform population.refuse('number_pool_empty', area || ' ' || born);
  end if;
  update population.number_pool set last_sequence = taken where number_area = area and birth_on = born and sex = of_sex;
  return assigned;
end $$;

create or replace function population.create_household(new_household jsonb, at timestamptz) returns population.household
language plpgsql as $$
declare
  number_prefix text := left(new_household ->> 'station_code', 9);
  sequence integer;
  created population.household;
begin
  insert into population.household_counter as c (prefix, last_sequence) values (number_prefix, 1)
  on conflict on constraint household_counter_pkey do update set last_sequence = c.last_sequence + 1
  returning last_sequence into sequence;
  insert into population.household (household_id, household_no, household_type, station_code, address_id, established_on, status, unit_name, unit_code, manager_id)
  values ((new_household ->> 'household_id')::uuid, number_prefix || lpad(sequence::text, 6, '0'), new_household ->> 'household_type',
          new_household ->> 'station_code', (new_household ->> 'address_id')::uuid, population.legal_day(at), 'active',
          new_household ->> 'unit_name', new_household ->> 'unit_code', (new_household ->> 'manager_id')::uuid)
  returning * into created;
  return created;
end $$;

-- The gate ---------------------------------------------------------------------------------------------------------

create function population.begin_kin_link(of_person uuid, to_relative uuid, link_kind text, since date) returns void
language plpgsql as $$
begin
  if link_kind in ('father', 'mother') and exists (
    select from population.person where person_id = to_relative and sex <> case link_kind when 'father' then '1' else '2' end) then
    perform population.refuse('parent_of_that_sex', to_relative::text);
  elsif link_kind = 'spouse' and exists (select from population.person where person_id in (of_person, to_relative) and status = '1') then
    perform population.refuse('person_dead', of_person::text);
  end if;
  insert into population.kin_link (kin_link_id, person_id, relative_id, kind, from_on) values (population.new_id(), of_person, to_relative, link_kind, since);
  if link_kind = 'spouse' then
    insert into population.kin_link (kin_link_id, person_id, relative_id, kind, from_on) values (population.new_id(), to_relative, of_person, link_kind, since);
  end if;
end $$;

create function population.end_kin_link(of_person uuid, to_relative uuid, link_kind text, until date) returns void
language plpgsql as $$
declare
  ended integer;
begin
  update population.kin_link set until_on = until
  where kind = link_kind and until_on is null
    and (person_id = of_person and relative_id = to_relative or link_kind = 'spouse' and person_id = to_relative and relative_id = of_person);
  get diagnostics ended = row_count;
  if ended = 0 then
    perform population.refuse('kin_link_unknown', of_person::text);
  end if;
end $$;

-- plan: { case_id, at, reason, range, acts: [{ op, … }], keys: { person_id: search keys of the name as it will be } }.
-- The acts run in order over a copy of everybody and every household they name; then what became of each is written
-- once. So a person whom a plan moves and then makes head has one new version and one new membership, and an act may
-- rely on those before it. Reason and range are those of the migration; without a reason nobody migrates (birth,
-- death, cancellation), and no movement is written.
create function population.apply_plan(plan jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  for_case uuid := (plan ->> 'case_id')::uuid;
  at timestamptz := (plan ->> 'at')::timestamptz;
  today date := population.legal_day(at);
  undoes uuid := (plan ->> 'undoes')::uuid;
  -- Named by the acts and not made by them.
  named_persons uuid[];
  named_homes uuid[];
  changed_homes uuid[];
  relocated uuid[];
  leased uuid[];
  origins uuid[];
  -- The copies: what was, and what becomes of it. Position n of each array is the same person, or the same household.
  ids uuid[];
  persons_before population.person[];
  persons population.person[];
  memberships uuid[];
  begun timestamptz[];
  relations_before text[];
  stations_before text[];
  relations text[];
  home_ids uuid[];
  homes_before population.household[];
  homes population.household[];
  known integer;
  act jsonb;
  p integer;
  h integer;
  changed population.person;
  given_number text;
  alterations jsonb := '[]';
  registered jsonb := '[]';
  founded jsonb := '[]';
  moved jsonb;
  closed uuid[];
begin
  perform population.require_case(for_case);
  select array_agg(distinct n.id) filter (where n.part = 'person'), array_agg(distinct n.id) filter (where n.part = 'household'),
         array_agg(distinct n.id) filter (where n.part = 'household' and n.op in ('change_household', 'close_household', 'reopen_household')),
         array_agg(distinct n.id) filter (where n.part = 'household' and n.op = 'change_household' and n.moves),
         array_agg(distinct n.id) filter (where n.part = 'household' or n.own)
  into named_persons, named_homes, changed_homes, relocated, leased
  from (
    select a ->> 'op' as op, a ?| array['address_id', 'station_code'] as moves, w.id, w.part, w.own
    from jsonb_array_elements(plan -> 'acts') as a
    cross join lateral (values
      ((a ->> 'person_id')::uuid, 'person', true),
      -- Whom a link only names is not changed by it, except a spouse.
      ((a ->> 'relative_id')::uuid, 'person', a ->> 'kind' = 'spouse'),
      ((a ->> 'manager_id')::uuid, 'person', false),
      ((a ->> 'household_id')::uuid, 'household', true)) as w (id, part, own)
    where w.id is not null
  ) n
  where not exists (
    select from jsonb_array_elements(plan -> 'acts') as m
    where m ->> 'op' = 'register_person' and (m ->> 'person_id')::uuid = n.id or m ->> 'op' = 'found_household' and (m ->> 'household_id')::uuid = n.id);

  -- Everybody locks persons before households and each in order, so nobody waits in a circle.
  perform from population.person
  where person_id = any (named_persons) or person_id in (select m.person_id from population.membership m where m.household_id = any (relocated) and upper_inf(m.period))
  order by person_id for no key update;
  select array_agg(q.person_id order by q.person_id), array_agg(q order by q.person_id), array_agg(m.membership_id order by q.person_id), array_agg(lower(m.period) order by q.person_id),
         array_agg(m.relation order by q.person_id), array_agg(m.station_code order by q.person_id)
  into ids, persons_before, memberships, begun, relations_before, stations_before
  from population.person q left join population.membership m on m.person_id = q.person_id and upper_inf(m.period)
  where q.person_id = any (named_persons) or m.household_id = any (relocated);
  if exists (select from unnest(named_persons) n where n <> all (coalesce(ids, '{}'))) then
    perform population.refuse('person_not_found', (select n::text from unnest(named_persons) n where n <> all (coalesce(ids, '{}')) limit 1));
  end if;
  known := coalesce(cardinality(ids), 0);
  ids := coalesce(ids, '{}');
  persons := coalesce(persons_before, '{}');
  relations := coalesce(relations_before, '{}');
  -- Where those are whose place or relation the plan touches.
  select array_agg(distinct m.household_id) into origins
  from jsonb_array_elements(plan -> 'acts') as a join population.membership m on m.person_id = (a ->> 'person_id')::uuid and upper_inf(m.period)
  where a ->> 'op' in ('enter', 'leave', 'relate');

  perform from population.household
  where household_id = any (origins || named_homes) and (household_type = '1' or household_id = any (changed_homes)) order by household_id for no key update;
  perform from population.household where household_id = any (named_homes) order by household_id for share;
  select array_agg(q.household_id), array_agg(q) into home_ids, homes_before from population.household q where q.household_id = any (named_homes);
  if cardinality(named_homes) <> coalesce(cardinality(home_ids), 0) then
    perform population.refuse('household_not_found', for_case::text);
  end if;
  home_ids := coalesce(home_ids, '{}');
  homes := coalesce(homes_before, '{}');
  perform population.require_leases(for_case, array(select distinct l from unnest(leased || origins) l where l is not null));

  for act in select a.value from jsonb_array_elements(plan -> 'acts') with ordinality as a (value, place) order by a.place loop
    p := array_position(ids, (act ->> 'person_id')::uuid);
    h := array_position(home_ids, (act ->> 'household_id')::uuid);
    if p is null and act ->> 'op' in ('enter', 'leave', 'relate', 'alter', 'renumber', 'set_status') then
      perform population.refuse('person_not_found', act ->> 'person_id');
    elsif act ->> 'op' in ('reopen_household', 'void_link', 'reopen_link', 'give_back_document') and not population.case_may('undo') then
      perform population.refuse('undo_changed', for_case::text);
    elsif h is null and act ->> 'op' in ('change_household', 'close_household', 'enter') then
      perform population.refuse('household_not_found', act ->> 'household_id');
    elsif act ->> 'op' in ('change_household', 'close_household', 'enter') and homes[h].status <> 'active' then
      perform population.refuse('target_not_active', act ->> 'household_id');
    elsif act ->> 'op' in ('enter', 'alter', 'renumber', 'set_status') and persons[p].status = '1' and act ->> 'kind' is distinct from 'correction'
      and not (act ->> 'op' = 'renumber' and population.case_may('undo')) then
      perform population.refuse('person_dead', act ->> 'person_id');
    end if;
    if act ->> 'manager_id' is not null and not exists (select from population.person m where m.person_id = (act ->> 'manager_id')::uuid and m.status = '0') then
      perform population.refuse('manager_not_active', act ->> 'manager_id');
    end if;

    case act ->> 'op'
    when 'found_household' then
      h := cardinality(home_ids) + 1;
      homes[h] := population.create_household(act, at);
      homes_before[h] := homes[h];
      home_ids[h] := homes[h].household_id;
      founded := founded || jsonb_build_object('household_id', homes[h].household_id, 'household_no', homes[h].household_no);

    when 'change_household' then
      homes[h].address_id := coalesce((act ->> 'address_id')::uuid, homes[h].address_id);
      homes[h].station_code := coalesce(act ->> 'station_code', homes[h].station_code);
      if act ? 'unit_name' then homes[h].unit_name := act ->> 'unit_name'; end if;
      if act ? 'unit_code' then homes[h].unit_code := act ->> 'unit_code'; end if;
      if act ? 'manager_id' then homes[h].manager_id := (act ->> 'manager_id')::uuid; end if;
      for n in 1 .. cardinality(ids) loop
        if relations[n] is not null and persons[n].household_id = home_ids[h] then
          persons[n].address_id := homes[h].address_id;
          persons[n].station_code := homes[h].station_code;
        end if;
      end loop;

    when 'close_household' then
      if exists (select from population.membership m where m.household_id = home_ids[h] and upper_inf(m.period) and m.person_id <> all (ids))
        or exists (select from generate_subscripts(ids, 1) n where relations[n] is not null and persons[n].household_id = home_ids[h]) then
        perform population.refuse('household_has_members', act ->> 'household_id');
      end if;
      homes[h].status := 'closed';
      homes[h].closed_on := today;

    when 'reopen_household' then
      homes[h].status := 'active';
      homes[h].closed_on := null;

    when 'register_person' then
      p := cardinality(ids) + 1;
      changed := jsonb_populate_record(null::population.person, act);
      changed.id_number := coalesce(changed.id_number, population.assign_number(act ->> 'number_area', changed.birth_on, changed.sex));
      changed.status := '0';
      changed.household_id := null;
      changed.synthetic := coalesce((select synthetic from population.register_kind), false);
      persons[p] := changed;
      ids[p] := changed.person_id;
      relations[p] := null;
      registered := registered || jsonb_build_object('person_id', changed.person_id, 'id_number', changed.id_number);

    when 'enter' then
      if relations[p] is not null then
        perform population.refuse('membership_one_place', act ->> 'person_id');
      elsif persons[p].status <> '0' then
        perform population.refuse('mover_not_active', act ->> 'person_id');
      end if;
      persons[p].household_id := homes[h].household_id;
      persons[p].station_code := homes[h].station_code;
      persons[p].address_id := homes[h].address_id;
      relations[p] := act ->> 'relation';

    when 'leave' then
      if relations[p] is null then
        perform population.refuse('mover_not_active', act ->> 'person_id');
      end if;
      relations[p] := null;

    when 'relate' then
      if relations[p] is null then
        perform population.refuse('change_of_stranger', act ->> 'person_id');
      end if;
      relations[p] := act ->> 'relation';

    when 'alter' then
      if exists (select from jsonb_object_keys(act -> 'items') item where item <> all (array['name', 'former_name', 'sex', 'birth_on', 'ethnicity', 'birthplace', 'native_place',
        'education', 'marital_status', 'military_service', 'blood_type', 'height_cm', 'occupation', 'workplace', 'phone'])) then
        perform population.refuse('alteration_item_known', act ->> 'person_id');
      end if;
      changed := jsonb_populate_record(persons[p], act -> 'items');
      alterations := alterations || (
        select coalesce(jsonb_agg(jsonb_build_object('person_id', ids[p], 'item', i.item, 'kind', act ->> 'kind', 'old_value', i.old_value, 'new_value', i.new_value,
          'effective_on', act ->> 'effective_on') order by i.item), '[]')
        from (select item, to_jsonb(persons[p]) ->> item as old_value, to_jsonb(changed) ->> item as new_value from jsonb_object_keys(act -> 'items') item) i
        where i.old_value is distinct from i.new_value);
      persons[p] := changed;

    when 'renumber' then
      given_number := coalesce(act ->> 'id_number', population.assign_number(coalesce(act ->> 'number_area', left(persons[p].id_number, 6)), persons[p].birth_on, persons[p].sex));
      alterations := alterations || jsonb_build_object('person_id', ids[p], 'item', 'id_number', 'kind', case when undoes is null then 'change' else 'correction' end, 'old_value', persons[p].id_number, 'new_value', given_number, 'effective_on', today);
      registered := registered || jsonb_build_object('person_id', ids[p], 'id_number', given_number);
      persons[p].id_number := given_number;

    when 'set_status' then
      if relations[p] is not null and act ->> 'status' <> '0' then
        perform population.refuse('person_gone_has_no_place', act ->> 'person_id');
      elsif not population.case_may('undo') and not exists (
        select from population.status_transition t where t.from_status = persons[p].status and t.to_status = act ->> 'status'
          and (t.kind = 'change' or act ->> 'kind' = 'correction')) then
        perform population.refuse('status_transition_unlawful', act ->> 'person_id');
      elsif act ->> 'status' = '1' and ((act ->> 'died_on')::date > today or act ->> 'died_on' is null) then
        perform population.refuse('died_on_given', act ->> 'person_id');
      end if;
      alterations := alterations || jsonb_build_object('person_id', ids[p], 'item', 'status', 'kind', coalesce(act ->> 'kind', 'change'), 'old_value', persons[p].status,
        'new_value', act ->> 'status', 'effective_on', coalesce(act ->> 'died_on', act ->> 'on'), 'reason_code', act ->> 'reason_code');
      persons[p].status := act ->> 'status';
      persons[p].died_on := case when act ->> 'status' = '1' then (act ->> 'died_on')::date end;

    when 'link', 'unlink', 'use_document', 'void_link', 'reopen_link', 'give_back_document' then
      -- Written below, when the persons are.
      null;
    end case;
  end loop;

  -- What became of everybody, written once.
  for n in 1 .. cardinality(homes) loop
    if homes[n] is distinct from homes_before[n] then
      update population.household set address_id = homes[n].address_id, station_code = homes[n].station_code, unit_name = homes[n].unit_name, unit_code = homes[n].unit_code,
        manager_id = homes[n].manager_id, status = homes[n].status, closed_on = homes[n].closed_on
      where household_id = home_ids[n];
    end if;
  end loop;
  if exists (select from generate_series(known + 1, cardinality(ids)) n where persons[n].household_id is null) then
    perform population.refuse('person_needs_one_place', for_case::text);
  end if;
  insert into population.person select * from unnest(persons[known + 1 :]);
  for n in 1 .. known loop
    if memberships[n] is not null and begun[n] >= at
      and (relations[n], persons[n].household_id, persons[n].station_code) is distinct from (relations_before[n], persons_before[n].household_id, stations_before[n]) then
      perform population.refuse('act_before_last_change', ids[n]::text);
    end if;
  end loop;
  update population.membership m set period = tstzrange(lower(m.period), at)
  from generate_series(1, known) n
  where m.membership_id = memberships[n]
    and (relations[n], persons[n].household_id, persons[n].station_code) is distinct from (relations_before[n], persons_before[n].household_id, stations_before[n]);
  update population.person q set
    id_number = a.id_number, name = a.name, former_name = a.former_name, sex = a.sex, ethnicity = a.ethnicity, birth_on = a.birth_on, birthplace = a.birthplace, native_place = a.native_place,
    status = a.status, died_on = a.died_on, education = a.education, marital_status = a.marital_status, military_service = a.military_service, blood_type = a.blood_type,
    height_cm = a.height_cm, occupation = a.occupation, workplace = a.workplace, phone = a.phone, household_id = a.household_id, station_code = a.station_code, address_id = a.address_id
  from unnest(persons[: known]) a where q.person_id = a.person_id and a is distinct from q;
  insert into population.membership (membership_id, person_id, household_id, relation, station_code, period)
  select population.new_id(), ids[n], persons[n].household_id, relations[n], persons[n].station_code, tstzrange(at, null)
  from generate_subscripts(ids, 1) n
  where relations[n] is not null and (n > known
    or (relations[n], persons[n].household_id, persons[n].station_code) is distinct from (relations_before[n], persons_before[n].household_id, stations_before[n]));

  with legs as (
    insert into population.movement (movement_id, person_id, moved_on, moved_at, out_household_id, out_station_code, in_household_id, in_station_code, reason, range, reverses)
    select population.new_id(), l.person_id, today, at, l.out_household, l.out_station, l.in_household, l.in_station, coalesce(r.reason, plan ->> 'reason'), coalesce(r.range, plan ->> 'range'), r.movement_id
    from (
      select ids[n] as person_id,
        case when relations_before[n] is not null then persons_before[n].household_id end as out_household, stations_before[n] as out_station,
        case when relations[n] is not null then persons[n].household_id end as in_household, case when relations[n] is not null then persons[n].station_code end as in_station
      from generate_subscripts(ids, 1) n
    ) l
    -- An undo writes the move of the old case backwards, when it moved anybody.
    left join lateral (
      select m.movement_id, m.reason, m.range from population.movement m
      where m.case_id = undoes and m.person_id = l.person_id and not exists (select from population.movement b where b.reverses = m.movement_id)
      order by m.moved_at desc limit 1) r on true
    where l.out_household is distinct from l.in_household and coalesce(r.reason, nullif(plan ->> 'reason', '')) is not null
    returning movement_id, person_id
  )
  select coalesce(jsonb_agg(to_jsonb(legs) order by person_id), '[]') into moved from legs;
  insert into population.alteration (alteration_id, person_id, item, kind, old_value, new_value, effective_on, reason_code)
  select population.new_id(), a.person_id, a.item, a.kind, a.old_value, a.new_value, a.effective_on, a.reason_code
  from jsonb_to_recordset(alterations) as a (person_id uuid, item text, kind text, old_value text, new_value text, effective_on date, reason_code text)
  where a.old_value is distinct from a.new_value;

  for act in select a.value from jsonb_array_elements(plan -> 'acts') with ordinality as a (value, place) order by a.place loop
    if act ->> 'op' = 'link' then
      perform population.begin_kin_link((act ->> 'person_id')::uuid, (act ->> 'relative_id')::uuid, act ->> 'kind', (act ->> 'from_on')::date);
    elsif act ->> 'op' = 'unlink' then
      perform population.end_kin_link((act ->> 'person_id')::uuid, (act ->> 'relative_id')::uuid, act ->> 'kind', (act ->> 'until_on')::date);
    elsif act ->> 'op' = 'void_link' then
      update population.kin_link set until_on = from_on where kin_link_id = (act ->> 'kin_link_id')::uuid;
    elsif act ->> 'op' = 'reopen_link' then
      update population.kin_link set until_on = null where kin_link_id = (act ->> 'kin_link_id')::uuid;
    elsif act ->> 'op' = 'give_back_document' then
      update population.used_document set given_back_at = kernel.moment(), given_back_by = for_case where used_document_id = (act ->> 'used_document_id')::uuid;
    elsif act ->> 'op' = 'use_document' then
      insert into population.used_document (used_document_id, kind, number) values (population.new_id(), act ->> 'kind', act ->> 'number');
    elsif act ->> 'op' = 'set_status' and act ->> 'status' = '1' then
      -- Death ends a marriage (民法典 第五十一条).
      update population.kin_link set until_on = greatest(from_on, (act ->> 'died_on')::date)
      where kind = 'spouse' and until_on is null and (act ->> 'person_id')::uuid in (person_id, relative_id);
    end if;
  end loop;

  for n in 1 .. cardinality(ids) loop
    if plan -> 'keys' ? ids[n]::text then
      perform population.index_person(ids[n], left(persons[n].station_code, 6), persons[n].birth_on, plan -> 'keys' -> ids[n]::text);
    elsif left(persons[n].station_code, 6) <> left(persons_before[n].station_code, 6) then
      perform population.find_in_county(array[ids[n]], left(persons[n].station_code, 6));
    end if;
  end loop;
  closed := population.close_empty_households(origins, at)
    || array(select homes[n].household_id from generate_subscripts(homes, 1) n where homes[n].status = 'closed');
  insert into population.applied_plan (applied_plan_id, undoes, person_ids, household_ids)
  values (population.new_id(), undoes, ids, array(select distinct id from unnest(home_ids || origins) id where id is not null));
  return jsonb_build_object('registered', registered, 'movements', moved, 'founded', founded, 'closed_household_ids', to_jsonb(closed));
end $$;

-- Undo ---------------------------------------------------------------------------------------------------------------

-- Everything one case did and all that was done to the same rows since: the versions of each row from the one before
-- the case on, oldest first. The module reads from it what can be restored and what others built upon.
create function population.undo_facts(of_case uuid) returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan set timezone = 'UTC' as $$
#variable_conflict use_variable
declare
  people uuid[];
  homes uuid[];
begin
  select array_agg(distinct n.id) into homes
  from (
    select unnest(a.household_ids) as id from population.applied_plan a where a.case_id = of_case
    union all
    select l.subject_id from population.lease l where l.case_id = of_case and l.subject_kind = 'household'
    union all
    select unnest(array[m.out_household_id, m.in_household_id]) from population.movement m where m.case_id = of_case
  ) n where n.id is not null;
  select array_agg(distinct n.id) into people
  from (
    select unnest(a.person_ids) as id from population.applied_plan a where a.case_id = of_case
    union all
    select l.subject_id from population.lease l where l.case_id = of_case and l.subject_kind = 'person'
    union all
    select m.person_id from population.movement m where m.case_id = of_case
    union all
    select a.person_id from population.alteration a where a.case_id = of_case
    union all
    select m.person_id from population.membership m where m.household_id = any (homes) and m.case_id = of_case
    union all
    select m.person_id from population.membership_past m where m.membership_id in (select o.membership_id from population.membership o where o.household_id = any (homes)) and m.case_id = of_case
  ) n;
  -- A death under the old way ended links of a spouse who is not named anywhere else.
  people := people || array(
    select k.relative_id from population.kin_link k where k.person_id = any (people) and k.case_id = of_case
    union
    select k.person_id from population.kin_link k where k.relative_id = any (people) and k.case_id = of_case);

  return jsonb_build_object(
    'persons', (
      select jsonb_agg(jsonb_build_object('id', v.person_id, 'versions', v.versions) order by v.person_id)
      from (
        select w.person_id, jsonb_agg(w.content order by w.version) as versions
        from (
          select p.person_id, p.version, to_jsonb(p) as content from population.person p where p.person_id = any (people)
          union all
          select p.person_id, p.version, to_jsonb(p) - 'recorded_until' from population.person_past p where p.person_id = any (people)
        ) w group by w.person_id
      ) v),
    'households', (
      select jsonb_agg(jsonb_build_object('id', v.household_id, 'versions', v.versions,
        -- Those who are there now, and the cases that came and went since.
        'members', (
          select jsonb_agg(jsonb_build_object('person_id', m.person_id, 'relation', m.relation, 'case_id', m.case_id,
            'begun', coalesce((select o.recorded_from from population.membership_past o where o.membership_id = m.membership_id and o.version = 1), m.recorded_from)) order by m.person_id)
          from population.membership m where m.household_id = v.household_id and upper_inf(m.period) and (v.versions -> 0 ->> 'household_type' = '1' or m.person_id = any (people))),
        'member_count', (select count(*) from population.membership m where m.household_id = v.household_id and upper_inf(m.period)),
        'changes', (
          select jsonb_agg(jsonb_build_object('case_id', c.case_id, 'at', c.at) order by c.at, c.case_id)
          from (
            select m.case_id, max(m.recorded_from) as at from population.membership m where m.household_id = v.household_id
            group by m.case_id order by at desc, m.case_id limit 100) c)) order by v.household_id)
      from (
        select w.household_id, jsonb_agg(w.content order by w.version) as versions
        from (
          select h.household_id, h.version, to_jsonb(h) as content from population.household h where h.household_id = any (homes)
          union all
          select h.household_id, h.version, to_jsonb(h) - 'recorded_until' from population.household_past h where h.household_id = any (homes)
        ) w group by w.household_id
      ) v),
    'memberships', (
      select jsonb_agg(jsonb_build_object('id', v.membership_id, 'versions', v.versions) order by v.membership_id)
      from (
        select w.membership_id, jsonb_agg(jsonb_build_object('person_id', w.person_id, 'household_id', w.household_id, 'relation', w.relation, 'is_open', upper_inf(w.period),
          'version', w.version, 'case_id', w.case_id, 'recorded_from', w.recorded_from) order by w.version) as versions
        from (
          select m.membership_id, m.person_id, m.household_id, m.relation, m.period, m.version, m.case_id, m.recorded_from from population.membership m where m.person_id = any (people)
          union all
          select o.membership_id, o.person_id, o.household_id, o.relation, o.period, o.version, o.case_id, o.recorded_from
          from population.membership m join population.membership_past o on o.membership_id = m.membership_id where m.person_id = any (people)
        ) w group by w.membership_id
      ) v),
    'kin_links', (
      select jsonb_agg(jsonb_build_object('id', v.kin_link_id, 'versions', v.versions) order by v.kin_link_id)
      from (
        select w.kin_link_id, jsonb_agg(jsonb_build_object('person_id', w.person_id, 'relative_id', w.relative_id, 'kind', w.kind, 'from_on', w.from_on, 'until_on', w.until_on,
          'version', w.version, 'case_id', w.case_id, 'recorded_from', w.recorded_from) order by w.version) as versions
        from (
          select k.kin_link_id, k.person_id, k.relative_id, k.kind, k.from_on, k.until_on, k.version, k.case_id, k.recorded_from
          from population.kin_link k where k.person_id = any (people) or k.relative_id = any (people)
          union all
          select o.kin_link_id, o.person_id, o.relative_id, o.kind, o.from_on, o.until_on, o.version, o.case_id, o.recorded_from
          from population.kin_link k join population.kin_link_past o on o.kin_link_id = k.kin_link_id where k.person_id = any (people) or k.relative_id = any (people)
        ) w group by w.kin_link_id
      ) v),
    'births', (
      select jsonb_object_agg(p.person_id, p.birth_on)
      from population.person p
      where p.person_id in (
        select k.person_id from population.kin_link k where k.relative_id = any (people)
        union
        select k.relative_id from population.kin_link k where k.person_id = any (people))),
    'managed', (select jsonb_agg(jsonb_build_object('person_id', h.manager_id, 'case_id', h.case_id) order by h.household_id) from population.household h where h.manager_id = any (people) and h.status = 'active'),
    -- Managers of before who are no longer in the register cannot come back.
    'managers_gone', (
      select jsonb_agg(jsonb_build_object('person_id', p.person_id, 'case_id', p.case_id) order by p.person_id)
      from population.person p
      where p.status <> '0' and p.person_id in (select o.manager_id from population.household_past o where o.household_id = any (homes))),
    'documents', (
      select jsonb_agg(jsonb_build_object('used_document_id', u.used_document_id, 'kind', u.kind, 'number', u.number) order by u.used_document_id)
      from population.used_document u where u.case_id = of_case and u.given_back_at is null));
end $$;

create function population.undo_digest(facts jsonb) returns text
language sql immutable as $$ select encode(sha256(convert_to(facts::text, 'UTF8')), 'hex') $$;

-- By what number and in which office the cases are known that stand in the way of an undo.
create function population.name_cases(cases uuid[]) returns table (case_id uuid, case_no text, org_code text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select distinct on (l.case_id) l.case_id, l.case_no, l.org_code from population.lease l where l.case_id = any (cases) order by l.case_id, l.opened_at, l.lease_id
$$;

-- Carries out the undo that was shown: plan as for apply_plan, with the case to be undone and the digest of the facts
-- from which it was made. Any change of those rows since then makes another digest, and nothing happens.
create function population.apply_undo(plan jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  for_case uuid := (plan ->> 'case_id')::uuid;
  facts jsonb := population.undo_facts((plan ->> 'undoes')::uuid);
  outcome jsonb;
begin
  perform population.require_case(for_case);
  perform from population.person where person_id in (select (r ->> 'id')::uuid from jsonb_path_query(facts, '$.persons[*]') r) order by person_id for no key update;
  perform from population.household where household_id in (select (r ->> 'id')::uuid from jsonb_path_query(facts, '$.households[*]') r) order by household_id for no key update;
  facts := population.undo_facts((plan ->> 'undoes')::uuid);
  if population.undo_digest(facts) is distinct from plan ->> 'digest' then
    perform population.refuse('undo_changed', plan ->> 'undoes');
  end if;
  perform set_config('huzheng.' || name, for_case::text, true) from unnest(array['undo', 'reversal', 'correction', 'main_items']) name;
  outcome := population.apply_plan(plan);
  perform set_config('huzheng.' || name, '', true) from unnest(array['undo', 'reversal', 'correction', 'main_items']) name;
  return outcome;
end $$;

-- Looking ------------------------------------------------------------------------------------------------------------

-- Whether a record of a station is the caller's to see: by jurisdiction, or because it was disclosed for a case.
create function population.may_see(station text, subjects uuid[]) returns boolean
language sql stable as $$
  select station >= current_setting('huzheng.org_from', true) and station < current_setting('huzheng.org_to', true)
    or exists (
      select from population.disclosure d where d.subject_id = any (subjects) and d.until > kernel.moment()
        and d.org_code >= current_setting('huzheng.org_from', true) and d.org_code < current_setting('huzheng.org_to', true))
$$;

-- What must be known before a plan is made, in one question: persons with all their items and what was altered of
-- them, their households and those asked for, kinship around them, and who holds leases. It looks past row security,
-- so it says itself what the caller may see.
create function population.facts_for_people(persons uuid[], households uuid[]) returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  moment timestamptz := kernel.moment();
  found jsonb;
  places uuid[];
  homes jsonb;
  named uuid[];
  kin jsonb;
  leases jsonb;
begin
  select jsonb_agg(to_jsonb(p) - array['synthetic', 'version', 'case_id', 'recorded_from', 'household_id'] || jsonb_build_object(
           'household_id', m.household_id, 'last_household_id', p.household_id, 'relation', m.relation, 'household_no', h.household_no, 'household_type', h.household_type,
           'alterations', (
             select coalesce(jsonb_agg(jsonb_build_object('item', a.item, 'kind', a.kind, 'old_value', a.old_value, 'new_value', a.new_value, 'effective_on', a.effective_on,
               'reason_code', a.reason_code, 'case_id', a.case_id) order by a.effective_on, a.recorded_from, a.alteration_id), '[]')
             from population.alteration a where a.person_id = p.person_id and a.item in ('name', 'former_name', 'sex', 'birth_on', 'ethnicity', 'id_number', 'birthplace', 'native_place', 'status')))
           order by array_position(persons, p.person_id)),
         array_agg(distinct m.household_id) filter (where m.household_id is not null)
  into found, places
  from population.person p
  left join population.membership m on m.person_id = p.person_id and upper_inf(m.period)
  left join population.household h on h.household_id = m.household_id
  where p.person_id = any (persons) and population.may_see(p.station_code, array[p.person_id, p.household_id]);
  places := places || array(
    select h.household_id from population.household h where h.household_id = any (households) and population.may_see(h.station_code, array[h.household_id]));

  select jsonb_agg(to_jsonb(h) - array['version', 'case_id', 'recorded_from'] || jsonb_build_object('member_count', l.member_count, 'members', l.members) order by h.household_id)
  into homes
  from (select distinct place from unnest(places) as place) w
  join population.household h on h.household_id = w.place
  cross join lateral (
    select jsonb_agg(jsonb_build_object('person_id', p.person_id, 'name', p.name, 'id_number', p.id_number, 'sex', p.sex, 'birth_on', p.birth_on, 'relation', m.relation)
        order by m.relation <> '02', p.birth_on, p.person_id) filter (where h.household_type = '1' or m.person_id = any (persons)) as members,
      count(*) as member_count
    from population.membership m join population.person p on p.person_id = m.person_id
    where m.household_id = h.household_id and upper_inf(m.period)) l;
  select persons || coalesce(array_agg((x ->> 'person_id')::uuid), '{}') into named
  from jsonb_array_elements(coalesce(homes, '[]')) as y, jsonb_array_elements(coalesce(nullif(y -> 'members', 'null'), '[]')) as x;

  select jsonb_agg(jsonb_build_object('person_id', k.person_id, 'relative_id', k.relative_id, 'kind', k.kind) order by k.person_id, k.kind, k.relative_id) into kin
  from (
    select person_id, relative_id, kind from population.kin_link where person_id = any (named) and until_on is null
    union
    select person_id, relative_id, kind from population.kin_link where relative_id = any (named) and until_on is null) k;

  select jsonb_agg(jsonb_build_object('subject_id', l.subject_id, 'subject_kind', l.subject_kind, 'kind', l.kind, 'case_id', l.case_id, 'case_no', l.case_no,
           'org_code', l.org_code, 'holder_name', l.holder_name, 'holder_phone', l.holder_phone, 'expires_at', l.expires_at) order by l.opened_at, l.lease_id) into leases
  from population.lease l where l.subject_id = any (persons || places) and l.released_at is null and l.expires_at > moment;
  return jsonb_build_object('persons', found, 'households', homes, 'kin', kin, 'leases', leases);
end $$;

-- Which of these papers have served already, and for which case. documents: [{ kind, number }]
create function population.find_used_documents(documents jsonb) returns table (kind text, number text, case_id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select u.kind, u.number, u.case_id
  from jsonb_to_recordset(documents) as d (kind text, number text)
  join population.used_document u on u.kind = d.kind and u.number = d.number and u.given_back_at is null
  order by u.kind, u.number
$$;

-- What the walls should make impossible, looked for in all rows or in some; since numbers may be returned and spouses
-- must be mutual, anew.
create or replace function population.broken_invariants(households uuid[] default null, persons uuid[] default null)
returns table (wall text, subject_id uuid)
language sql stable as $$
  select case when h.status = 'closed' then 'household_closed' when c.members = 0 then 'household_empty_closes' else 'household_needs_head' end, h.household_id
  from population.household h
  left join (
    select household_id, count(*) as members, count(*) filter (where relation = '02') as heads
    from population.membership where upper_inf(period) and (households is null or household_id = any (households)) group by household_id
  ) counted on counted.household_id = h.household_id
  cross join lateral (select coalesce(counted.members, 0) as members, coalesce(counted.heads, 0) as heads) c
  where (households is null or h.household_id = any (households))
    and case when h.status = 'closed' then c.members > 0 else h.household_type = '1' and c.heads <> 1 end
  union all
  select case when p.status = '0' then 'person_needs_one_place' else 'person_gone_has_no_place' end, p.person_id
  from population.person p left join population.membership m on m.person_id = p.person_id and upper_inf(m.period)
  where (persons is null or p.person_id = any (persons))
    and case when p.status = '0' then m.household_id is distinct from p.household_id or m.station_code is distinct from p.station_code else m.membership_id is not null end
  union all
  select 'id_number_retired', p.person_id
  from population.person p join population.retired_number r on r.id_number = p.id_number and r.returned_at is null
  where persons is null or p.person_id = any (persons)
  union all
  select 'parent_is_older', k.person_id
  from population.kin_link k
  left join population.person child on child.person_id = k.person_id
  left join population.person parent on parent.person_id = k.relative_id
  where k.kind in ('father', 'mother') and k.until_on is null and (persons is null or k.person_id = any (persons)) and (parent.birth_on < child.birth_on) is not true
  union all
  select 'spouses_are_mutual', k.person_id
  from population.kin_link k
  where k.kind = 'spouse' and k.until_on is null and (persons is null or k.person_id = any (persons))
    and not exists (select from population.kin_link b where b.person_id = k.relative_id and b.relative_id = k.person_id and b.kind = 'spouse' and b.until_on is null)
$$;

-- Who may what -------------------------------------------------------------------------------------------------------

alter table population.register_kind enable row level security;
alter table population.number_pool enable row level security;
alter table population.used_document enable row level security;
alter table population.applied_plan enable row level security;
alter table population.status_transition enable row level security;
create policy for_everybody on population.status_transition for select to huzheng_app using (true);
grant select on population.status_transition to huzheng_app;

revoke execute on all functions in schema population from public;
grant execute on function
  population.apply_plan(jsonb), population.facts_for_people(uuid[], uuid[]), population.find_used_documents(jsonb),
  population.undo_facts(uuid), population.undo_digest(jsonb), population.name_cases(uuid[]), population.apply_undo(jsonb)
  to huzheng_app;

-- Words for the data dictionary ----------------------------------------------------------------------------------------

comment on column population.household.unit_name is '集体户所属单位名称';
comment on column population.household.unit_code is '集体户所属单位统一社会信用代码';
comment on column population.household.manager_id is '集体户协管员';
comment on column population.household_past.unit_name is '集体户所属单位名称';
comment on column population.household_past.unit_code is '集体户所属单位统一社会信用代码';
comment on column population.household_past.manager_id is '集体户协管员';
comment on column population.kin_link.relative_id is '亲属:此人的父亲、母亲、配偶或监护人';
comment on column population.kin_link.kind is '关系:父亲、母亲、配偶、监护人';
comment on column population.kin_link_past.relative_id is '亲属:此人的父亲、母亲、配偶或监护人';
comment on column population.kin_link_past.kind is '关系:父亲、母亲、配偶、监护人';
comment on column population.alteration.reason_code is '人员状态变动的原因代码';
comment on table population.register_kind is '登记簿性质:一库一种,真实人口与虚构人口不混存';
comment on column population.register_kind.synthetic is '虚构数据标识';
comment on table population.number_pool is '公民身份号码顺序码登记:各区划、出生日期、性别已用到的顺序码';
comment on column population.number_pool.number_area is '号码地址码';
comment on column population.number_pool.birth_on is '出生日期';
comment on column population.number_pool.sex is '性别';
comment on column population.number_pool.last_sequence is '已用到的顺序码';
comment on table population.used_document is '已使用的一次性凭证:出生医学证明、迁移证等,一证一用';
comment on column population.used_document.used_document_id is '编号';
comment on column population.used_document.kind is '凭证种类';
comment on column population.used_document.number is '凭证号码';
comment on column population.used_document.case_id is '使用凭证的办件';
comment on column population.used_document.recorded_from is '登记时间';
comment on column population.used_document.given_back_at is '退回时间:原办件被撤销后凭证可再次使用';
comment on column population.used_document.given_back_by is '撤销原办件的办件';
comment on column population.retired_number.returned_at is '退还时间:停用该号码的办件被撤销,号码归还原持有人';
comment on table population.applied_plan is '办件变动清单:一次变动涉及的人和户';
comment on column population.applied_plan.applied_plan_id is '编号';
comment on column population.applied_plan.undoes is '被撤销的办件';
comment on column population.applied_plan.person_ids is '涉及的人';
comment on column population.applied_plan.household_ids is '涉及的户';
comment on column population.applied_plan.case_id is '办件';
comment on column population.applied_plan.recorded_from is '登记时间';
comment on table population.status_transition is '人员状态的合法变动';
comment on column population.status_transition.from_status is '原状态';
comment on column population.status_transition.to_status is '新状态';
comment on column population.status_transition.kind is '变动性质:变更,或须经更正审批';
