-- network: police
-- The register of persons and households. Current rows and every past version stand side by side, nothing is ever
-- deleted, and each change goes through the functions at the end of this file, under a case. The law is stated as
-- constraints: one place for a person, one head for a household, a number once and for ever, the dead stay dead.

create schema population;
grant usage on schema population to huzheng_app;

-- Words of the file -------------------------------------------------------------------------------------------

-- Says no in the name of a wall; the module translates the name into a sentence.
create function population.refuse(wall text, subject text default null) returns void
language plpgsql as $$
begin
  raise exception using errcode = 'check_violation', constraint = wall, schema = 'population', message = wall, detail = coalesce(subject, '');
end $$;

-- Time-ordered identifiers (UUID version 7) keep what is written together on neighbouring pages.
create function population.new_id() returns uuid
language sql volatile as $$
  select encode(set_bit(set_bit(
    overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
    52, 1), 53, 1), 'hex')::uuid
$$;

-- GB 11643, check character by ISO 7064 MOD 11-2. The bytes of digits are 48 too large and the weights add up to 100.
-- Not declared strict, because only then it is inlined: 0.4 µs instead of 9.
create function population.id_number_valid(id_number text) returns boolean
language sql immutable parallel safe as $$
  select id_number ~ '^[1-9][0-9]{16}[0-9X]$' and substr('10X98765432', 1 + (
    7 * get_byte(id_number::bytea, 0) + 9 * get_byte(id_number::bytea, 1) + 10 * get_byte(id_number::bytea, 2) + 5 * get_byte(id_number::bytea, 3)
    + 8 * get_byte(id_number::bytea, 4) + 4 * get_byte(id_number::bytea, 5) + 2 * get_byte(id_number::bytea, 6) + get_byte(id_number::bytea, 7)
    + 6 * get_byte(id_number::bytea, 8) + 3 * get_byte(id_number::bytea, 9) + 7 * get_byte(id_number::bytea, 10) + 9 * get_byte(id_number::bytea, 11)
    + 10 * get_byte(id_number::bytea, 12) + 5 * get_byte(id_number::bytea, 13) + 8 * get_byte(id_number::bytea, 14) + 4 * get_byte(id_number::bytea, 15)
    + 2 * get_byte(id_number::bytea, 16) - 4800) % 11, 1) = right(id_number, 1)
$$;

-- The register ------------------------------------------------------------------------------------------------

create table population.household (
  household_id uuid constraint household_pkey primary key,
  household_no text collate "C" not null
    constraint household_no_form check (household_no ~ '^[0-9]{6}[0-9A-Z]{2}[0-9]{7}$')
    constraint household_no_once unique,
  household_type text not null constraint household_type_known check (household_type in ('1', '2', '3', '4', '5', '6')),
  station_code text collate "C" not null,
  address_id uuid not null,
  established_on date not null,
  status text not null constraint household_status_known check (status in ('active', 'closed')),
  closed_on date constraint household_closed_after_established check (closed_on is null or (status = 'closed' and closed_on >= established_on)),
  version integer not null,
  case_id uuid not null,
  recorded_from timestamptz not null
) with (fillfactor = 90);
create index household_address on population.household (address_id);

create table population.person (
  person_id uuid constraint person_pkey primary key,
  id_number text collate "C" not null
    constraint id_number_check_digit check (population.id_number_valid(id_number))
    constraint id_number_once unique,
  name text not null constraint person_name_length check (char_length(name) between 1 and 50),
  former_name text constraint person_former_name_length check (char_length(former_name) between 1 and 50),
  sex text not null constraint person_sex_known check (sex in ('1', '2')),
  ethnicity text not null constraint person_ethnicity_form check (ethnicity ~ '^[0-9]{2}$'),
  birth_on date not null,
  birthplace text,
  native_place text,
  status text not null constraint person_status_known check (status ~ '^[0-9]$'),
  died_on date constraint person_died_after_birth check (died_on is null or (status = '1' and died_on >= birth_on)),
  education text,
  marital_status text,
  military_service text,
  blood_type text,
  height_cm smallint constraint person_height_plausible check (height_cm between 20 and 280),
  occupation text,
  workplace text,
  phone text,
  household_id uuid constraint person_household_exists references population.household,
  station_code text collate "C" not null,
  address_id uuid,
  synthetic boolean not null,
  version integer not null,
  case_id uuid not null,
  recorded_from timestamptz not null
) with (fillfactor = 85);

create table population.membership (
  membership_id uuid constraint membership_pkey primary key,
  person_id uuid not null constraint membership_person_exists references population.person,
  household_id uuid not null constraint membership_household_exists references population.household,
  relation text not null constraint membership_relation_form check (relation ~ '^[0-9]{2}$'),
  station_code text collate "C" not null,
  period tstzrange not null constraint membership_lasts check (not isempty(period) and lower_inc(period) and not lower_inf(period) and not upper_inc(period)),
  version integer not null,
  case_id uuid not null,
  recorded_from timestamptz not null,
  -- Regulation on household registration, article 6: a citizen is registered in one place. The person stands in the
  -- index as two hashes of 64 bits, which together are as good as the identifier: a tree over uuid is ten times slower
  -- to search (measured: 37 pages against 4), and the planner would use it for everything.
  constraint membership_one_place exclude using gist (
    (uuid_hash_extended(person_id, 0)) with =, (uuid_hash_extended(person_id, 1)) with =, period with &&)
);
create unique index household_one_head on population.membership (household_id) where relation = '02' and upper_inf(period);
create index membership_person on population.membership (person_id);
create index membership_household on population.membership (household_id);

create table population.kin_link (
  kin_link_id uuid constraint kin_link_pkey primary key,
  person_id uuid not null constraint kin_person_exists references population.person,
  relative_id uuid not null constraint kin_relative_exists references population.person constraint kin_of_another check (relative_id <> person_id),
  kind text not null constraint kin_kind_known check (kind in ('father', 'mother', 'spouse')),
  from_on date not null,
  until_on date constraint kin_ends_after_it_begins check (until_on >= from_on),
  version integer not null,
  case_id uuid not null,
  recorded_from timestamptz not null
);
create unique index kin_one_of_a_kind on population.kin_link (person_id, kind) where until_on is null;
create unique index kin_one_spouse on population.kin_link (relative_id) where kind = 'spouse' and until_on is null;
create index kin_link_person on population.kin_link (person_id);
create index kin_link_relative on population.kin_link (relative_id);

create table population.movement (
  movement_id uuid constraint movement_pkey primary key,
  person_id uuid not null constraint movement_person_exists references population.person,
  moved_on date not null,
  moved_at timestamptz not null,
  out_household_id uuid constraint movement_out_household_exists references population.household,
  out_station_code text collate "C",
  in_household_id uuid constraint movement_in_household_exists references population.household,
  in_station_code text collate "C",
  reason text not null,
  range text not null,
  reverses uuid constraint movement_reversed_exists references population.movement,
  case_id uuid not null,
  recorded_from timestamptz not null,
  constraint movement_has_a_leg check (out_station_code is not null or in_station_code is not null)
);
create index movement_person on population.movement (person_id, moved_at);
create index movement_case on population.movement (case_id);
create unique index movement_reversed_once on population.movement (reverses) where reverses is not null;

create table population.alteration (
  alteration_id uuid constraint alteration_pkey primary key,
  person_id uuid not null constraint alteration_person_exists references population.person,
  item text not null constraint alteration_item_known check (item in (
    'name', 'former_name', 'sex', 'birth_on', 'ethnicity', 'id_number', 'birthplace', 'native_place', 'status',
    'education', 'marital_status', 'military_service', 'blood_type', 'height_cm', 'occupation', 'workplace', 'phone')),
  kind text not null constraint alteration_kind_known check (kind in ('change', 'correction')),
  old_value text,
  new_value text,
  effective_on date not null,
  case_id uuid not null,
  recorded_from timestamptz not null,
  constraint alteration_alters check (old_value is distinct from new_value)
);
create index alteration_person on population.alteration (person_id, recorded_from);
create index alteration_case on population.alteration (case_id);

-- Identity numbers that were given up and are never given again. A household number needs no such row: its household
-- stays for ever, closed or not, and so does the unique index over it.
create table population.retired_number (
  id_number text collate "C" constraint retired_number_pkey primary key,
  person_id uuid not null constraint retired_number_person_exists references population.person,
  station_code text collate "C" not null,
  case_id uuid not null,
  recorded_from timestamptz not null
);

create table population.household_counter (
  prefix text collate "C" constraint household_counter_pkey primary key,
  last_sequence integer not null constraint household_counter_fits check (last_sequence between 0 and 999999)
);

-- Who is working on whom, and who may look across the border of jurisdictions for it ------------------------------

create table population.lease (
  lease_id uuid constraint lease_pkey primary key,
  subject_id uuid not null,
  subject_kind text not null constraint lease_subject_kind_known check (subject_kind in ('person', 'household')),
  kind text not null constraint lease_kind_known check (kind in ('move', 'cancel', 'death', 'restore', 'household', 'identity', 'card', 'non_main_items')),
  conflict_class text,
  case_id uuid not null,
  case_no text,
  org_code text collate "C" not null,
  holder_name text not null,
  holder_phone text,
  opened_at timestamptz not null,
  expires_at timestamptz not null,
  released_at timestamptz,
  release_reason text constraint lease_release_reason_known check (release_reason in ('done', 'expired', 'overridden')),
  constraint lease_lasts check (expires_at > opened_at),
  constraint lease_released_with_reason check ((released_at is null) = (release_reason is null))
);
create unique index lease_one_holder on population.lease (subject_id, conflict_class) where released_at is null;
create unique index lease_once_a_case on population.lease (case_id, subject_id) where released_at is null;

create table population.disclosure (
  subject_id uuid not null,
  subject_kind text not null constraint disclosure_subject_kind_known check (subject_kind in ('person', 'household')),
  case_id uuid not null,
  org_code text collate "C" not null,
  opened_at timestamptz not null,
  until timestamptz not null,
  constraint disclosure_pkey primary key (subject_id, case_id, org_code)
);
create index disclosure_case on population.disclosure (case_id);

-- What is looked for: keys of names, led by the county so that a search pays only for its own jurisdiction. They lie
-- apart from the persons so that a move inside the county leaves every index untouched.
create table population.search_key (
  person_id uuid constraint search_key_pkey primary key constraint search_key_person_exists references population.person,
  county_code text collate "C" not null,
  birth_on date not null,
  name_folded text not null,
  name_grams text[] not null,
  name_pinyin text[] not null,
  name_initials text[] not null
);
-- Every gram is stored with its county in front, so the index holds short lists of one county each and no search walks
-- through a province. A short list of what is still to be sorted in makes writing cheaper and reading hardly dearer.
create index search_key_grams on population.search_key using gin (name_grams) with (fastupdate = on, gin_pending_list_limit = 256);
create index search_key_birth on population.search_key (county_code, birth_on, person_id);

create function population.grams_in_county(county text, grams text[]) returns text[]
language sql immutable parallel safe as $$
  select coalesce(array_agg(county || g), '{}') from unnest(grams) g
$$;

-- One row for each sound of a name, its initials among them: a beginning is found as a range of the index, and read
-- from there in the order in which it is shown, so that no search gathers all who are called alike.
create table population.name_sound (
  county_code text collate "C" not null,
  sound text collate "C" not null,
  person_id uuid not null constraint name_sound_person_exists references population.person
);
create index name_sound_search on population.name_sound (county_code, sound, person_id);

-- Every past version -----------------------------------------------------------------------------------------------

create table population.person_past (like population.person, recorded_until timestamptz not null,
  constraint person_past_pkey primary key (person_id, version));
create table population.household_past (like population.household, recorded_until timestamptz not null,
  constraint household_past_pkey primary key (household_id, version));
create table population.membership_past (like population.membership, recorded_until timestamptz not null,
  constraint membership_past_pkey primary key (membership_id, version));
create table population.kin_link_past (like population.kin_link, recorded_until timestamptz not null,
  constraint kin_link_past_pkey primary key (kin_link_id, version));

-- Builds the trigger of one table: a change needs a case, is stamped with it, and leaves the old version in the past
-- table. Written out per table, so that its statements are planned once. Call it again after adding a column.
create function population.keep_versions(table_name name) returns void
language plpgsql as $build$
declare
  columns text;
  old_values text;
begin
  select string_agg(quote_ident(attname), ', ' order by attnum), string_agg('old.' || quote_ident(attname), ', ' order by attnum)
  into columns, old_values
  from pg_attribute where attrelid = format('population.%I', table_name)::regclass and attnum > 0 and not attisdropped;
  execute format($f$
    create or replace function population.%1$I() returns trigger language plpgsql as $t$
    begin
      new.case_id := kernel.case_id();
      if new.case_id is null then
        perform population.refuse('change_needs_case', tg_table_name);
      end if;
      if tg_op = 'INSERT' then
        new.version := 1;
        new.recorded_from := kernel.moment();
      else
        new.version := old.version + 1;
        -- Two acts may begin in one order and commit in the other: record time never runs backwards.
        new.recorded_from := greatest(kernel.moment(), old.recorded_from);
        insert into population.%2$I (%3$s, recorded_until) values (%4$s, new.recorded_from);
      end if;
      return new;
    end $t$;
    create or replace trigger version_is_kept before insert or update on population.%5$I for each row execute function population.%1$I();
  $f$, 'version_' || table_name, table_name || '_past', columns, old_values, table_name);
end $build$;

select population.keep_versions('person');
select population.keep_versions('household');
select population.keep_versions('membership');
select population.keep_versions('kin_link');

create function population.stamp() returns trigger
language plpgsql as $$
begin
  new.case_id := kernel.case_id();
  if new.case_id is null then
    perform population.refuse('change_needs_case', tg_table_name);
  end if;
  new.recorded_from := kernel.moment();
  return new;
end $$;
create trigger case_is_stamped before insert on population.movement for each row execute function population.stamp();
create trigger case_is_stamped before insert on population.alteration for each row execute function population.stamp();
create trigger case_is_stamped before insert on population.retired_number for each row execute function population.stamp();

-- A second net under the grants: not even the owner deletes, and what is written once stays.
create function population.keep_everything() returns trigger
language plpgsql as $$
begin
  perform population.refuse('register_keeps_everything', tg_table_name);
  return null;
end $$;

do $$
declare
  kept name;
begin
  foreach kept in array array['person', 'household', 'membership', 'kin_link', 'lease', 'disclosure'] loop
    execute format('create trigger nothing_is_deleted before delete or truncate on population.%I for each statement execute function population.keep_everything()', kept);
  end loop;
  foreach kept in array array['person_past', 'household_past', 'membership_past', 'kin_link_past', 'movement', 'alteration', 'retired_number'] loop
    execute format('create trigger only_added before update or delete or truncate on population.%I for each statement execute function population.keep_everything()', kept);
  end loop;
end $$;

-- Walls ------------------------------------------------------------------------------------------------------------

-- Main items change for a case that was decided; correction reaches even the dead. Both last for the transaction.
create function population.allow_main_items(for_case uuid) returns void
language plpgsql as $$
begin
  if kernel.case_id() is distinct from for_case then
    perform population.refuse('change_needs_case', for_case::text);
  end if;
  perform set_config('huzheng.main_items', for_case::text, true);
end $$;

create function population.allow_correction(for_case uuid) returns void
language plpgsql as $$
begin
  if kernel.case_id() is distinct from for_case then
    perform population.refuse('change_needs_case', for_case::text);
  end if;
  perform set_config('huzheng.correction', for_case::text, true);
end $$;

create function population.case_may(right_name text) returns boolean
language sql stable as $$
  select coalesce(current_setting('huzheng.' || right_name, true) = kernel.case_id()::text, false)
$$;

create function population.guard_person() returns trigger
language plpgsql as $$
begin
  if new.person_id <> old.person_id then
    perform population.refuse('identity_is_fixed', old.person_id::text);
  end if;
  if old.status = '1' and not population.case_may('correction') then
    perform population.refuse('person_dead', old.person_id::text);
  end if;
  if (new.name, new.former_name, new.sex, new.birth_on, new.ethnicity, new.id_number, new.birthplace, new.native_place)
    is distinct from (old.name, old.former_name, old.sex, old.birth_on, old.ethnicity, old.id_number, old.birthplace, old.native_place)
    and not population.case_may('main_items') then
    perform population.refuse('main_item_needs_approval', old.person_id::text);
  end if;
  return new;
end $$;
create trigger guard before update on population.person for each row execute function population.guard_person();

-- After the row, not before: a number that another transaction is just giving up is awaited by the unique index first.
create function population.guard_id_number() returns trigger
language plpgsql as $$
begin
  if exists (select from population.retired_number r where r.id_number = new.id_number) then
    perform population.refuse('id_number_retired', new.person_id::text);
  end if;
  if tg_op = 'UPDATE' then
    insert into population.retired_number (id_number, person_id, station_code) values (old.id_number, old.person_id, old.station_code);
  end if;
  return null;
end $$;
create trigger id_number_of_new_person after insert on population.person for each row execute function population.guard_id_number();
create trigger id_number_given_up after update of id_number on population.person for each row
  when (old.id_number is distinct from new.id_number) execute function population.guard_id_number();

create function population.guard_household() returns trigger
language plpgsql as $$
begin
  if (new.household_id, new.household_no, new.household_type) is distinct from (old.household_id, old.household_no, old.household_type) then
    perform population.refuse('identity_is_fixed', old.household_id::text);
  end if;
  if old.status = 'closed' and new.status = 'active' and not population.case_may('reversal') then
    perform population.refuse('household_closed', old.household_id::text);
  end if;
  return new;
end $$;
create trigger guard before update on population.household for each row execute function population.guard_household();

-- Nobody is entered after death. The share lock makes a death that is being recorded wait for this or this for it.
create function population.guard_membership() returns trigger
language plpgsql as $$
declare
  person_status text;
begin
  if tg_op = 'UPDATE' and (new.membership_id, new.person_id, new.household_id) is distinct from (old.membership_id, old.person_id, old.household_id) then
    perform population.refuse('identity_is_fixed', old.membership_id::text);
  end if;
  if tg_op = 'INSERT' or upper_inf(new.period) and not upper_inf(old.period) then
    select status into person_status from population.person where person_id = new.person_id for share;
    if person_status = '1' and upper_inf(new.period) and not population.case_may('correction') then
      perform population.refuse('person_dead', new.person_id::text);
    end if;
  end if;
  return new;
end $$;
create trigger guard before insert or update on population.membership for each row execute function population.guard_membership();

-- A parent is older than the child; so kinship has no circles.
create function population.guard_kin_link() returns trigger
language plpgsql as $$
begin
  if new.kind in ('father', 'mother') and exists (
    select from population.person child, population.person parent
    where child.person_id = new.person_id and parent.person_id = new.relative_id and parent.birth_on >= child.birth_on) then
    perform population.refuse('parent_is_older', new.person_id::text);
  end if;
  return new;
end $$;
create trigger guard before insert or update on population.kin_link for each row execute function population.guard_kin_link();

-- Checked when a transaction ends. The lock on the household makes two transactions that each look right alone wait
-- for one another. The triggers run as the owner: before PostgreSQL 18 a deferred one runs as whoever commits.
create function population.check_household(which uuid) returns void
language plpgsql as $$
declare
  household_status text;
  heads integer;
  members integer;
begin
  select status into household_status from population.household where household_id = which and household_type = '1' for no key update;
  if found then
    select count(*) filter (where relation = '02'), count(*) into heads, members from population.membership where household_id = which and upper_inf(period);
    if household_status = 'closed' and members > 0 then
      perform population.refuse('household_closed', which::text);
    elsif household_status = 'active' and members = 0 then
      perform population.refuse('household_empty_closes', which::text);
    elsif household_status = 'active' and heads <> 1 then
      perform population.refuse('household_needs_head', which::text);
    end if;
  else
    select status into household_status from population.household where household_id = which for share;
    if household_status = 'closed' and exists (select from population.membership where household_id = which and upper_inf(period)) then
      perform population.refuse('household_closed', which::text);
    end if;
  end if;
end $$;

create function population.check_place(which uuid) returns void
language plpgsql as $$
declare
  person_now record;
  place record;
begin
  select status, household_id, station_code into person_now from population.person where person_id = which for share;
  select household_id, station_code into place from population.membership where person_id = which and upper_inf(period);
  if person_now.status = '0' and (not found or place.household_id is distinct from person_now.household_id or place.station_code <> person_now.station_code) then
    perform population.refuse('person_needs_one_place', which::text);
  elsif person_now.status <> '0' and found then
    perform population.refuse('person_gone_has_no_place', which::text);
  end if;
end $$;

create function population.check_after_person() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
  perform population.check_place(new.person_id);
  return null;
end $$;
create function population.check_after_household() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
  perform population.check_household(new.household_id);
  return null;
end $$;
create function population.check_after_membership() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
  perform population.check_household(new.household_id);
  perform population.check_place(new.person_id);
  return null;
end $$;
create constraint trigger place_is_whole after insert or update of status, household_id, station_code on population.person
  deferrable initially deferred for each row execute function population.check_after_person();
create constraint trigger household_is_whole after insert or update of status on population.household
  deferrable initially deferred for each row execute function population.check_after_household();
create constraint trigger membership_is_whole after insert or update of relation, period on population.membership
  deferrable initially deferred for each row execute function population.check_after_membership();

-- Leases -----------------------------------------------------------------------------------------------------------
-- The functions from here to the end are the only way in which the application changes the register. They run as the
-- owner, because the station of destination ends a registration at the station of origin in the same act. Their
-- statements all go by key, so one plan serves every call: planning anew cost more than the work.

-- Takes a lease on every subject for a case or on none. The unique index decides who was first: a second case waits
-- for the first to commit, and then is told who stands in its way. A case that asks again renews what it holds.
-- Conflicts: everything that moves or ends a registration excludes the rest; identity cases exclude each other and
-- cards; non-main items exclude nothing; a family household has one case at a time, a collective one any number. A
-- death overrides the others.
create function population.open_leases(
  for_case uuid, for_case_no text, lease_kind text, persons uuid[], households uuid[], office text, holder text, phone text, expires timestamptz
) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  moment timestamptz := kernel.moment();
  ids uuid[];
  kinds text[];
  classes text[];
  overridden jsonb;
  in_the_way jsonb;
begin
  select array_agg(s.id order by s.id), array_agg(s.subject_kind order by s.id), array_agg(s.conflict_class order by s.id) into ids, kinds, classes
  from (
    select p.person_id as id, 'person' as subject_kind, case when lease_kind in ('identity', 'card') then 'identity' when lease_kind <> 'non_main_items' then 'registration' end as conflict_class
    from population.person p where p.person_id = any (persons)
    union all
    select h.household_id, 'household', case when h.household_type = '1' then 'household' end
    from population.household h where h.household_id = any (households)
  ) s;
  if coalesce(cardinality(ids), 0) <> (select count(distinct w) from unnest(persons || households) w) then
    perform population.refuse('lease_subject_unknown', for_case::text);
  end if;

  with ended as (
    update population.lease l set released_at = greatest(l.opened_at, moment), release_reason = case when l.expires_at <= moment then 'expired' else 'overridden' end
    where l.subject_id = any (ids) and l.released_at is null and l.case_id <> for_case
      and l.conflict_class = any (classes) and (l.expires_at <= moment or (lease_kind = 'death' and l.kind <> 'death'))
    returning l.case_id, l.case_no, l.subject_id, l.release_reason
  )
  select coalesce(jsonb_agg(to_jsonb(e) - 'release_reason' order by e.case_id, e.subject_id), '[]') into overridden from ended e where e.release_reason = 'overridden';

  update population.lease l set expires_at = greatest(l.expires_at, expires), org_code = office, holder_name = holder, holder_phone = phone
  where l.case_id = for_case and l.subject_id = any (ids) and l.released_at is null;

  for attempt in 1 .. 3 loop
    insert into population.lease (lease_id, subject_id, subject_kind, kind, conflict_class, case_id, case_no, org_code, holder_name, holder_phone, opened_at, expires_at)
    select population.new_id(), w.id, w.subject_kind, lease_kind, w.conflict_class, for_case, for_case_no, office, holder, phone, moment, expires
    from unnest(ids, kinds, classes) as w (id, subject_kind, conflict_class)
    where not exists (select from population.lease o where o.case_id = for_case and o.subject_id = w.id and o.released_at is null)
    order by w.id
    on conflict do nothing;

    select jsonb_agg(to_jsonb(l) order by w.id) into in_the_way
    from unnest(ids, classes) as w (id, conflict_class)
    left join population.lease l on l.subject_id = w.id and l.conflict_class = w.conflict_class and l.released_at is null
    where not exists (select from population.lease o where o.case_id = for_case and o.subject_id = w.id and o.released_at is null);
    -- Whoever stood in the way may have let go between the two statements: then the insert is tried again.
    exit when in_the_way is null or in_the_way <> '[null]' and not in_the_way @> '[null]';
  end loop;
  return jsonb_build_object('in_the_way', coalesce(in_the_way, '[]'), 'overridden', overridden);
end $$;

create function population.extend_leases(for_case uuid, expires timestamptz) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  extended integer;
begin
  update population.lease set expires_at = expires where case_id = for_case and released_at is null;
  get diagnostics extended = row_count;
  return extended;
end $$;

create function population.release_leases(for_case uuid) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  released integer;
begin
  update population.lease set released_at = greatest(opened_at, kernel.moment()), release_reason = 'done' where case_id = for_case and released_at is null;
  get diagnostics released = row_count;
  return released;
end $$;

create function population.require_leases(for_case uuid, subjects uuid[]) returns void
language plpgsql as $$
declare
  missing uuid;
begin
  select s into missing from unnest(subjects) s
  where not exists (
    select from population.lease l where l.case_id = for_case and l.subject_id = s and l.released_at is null and l.expires_at > kernel.moment())
  limit 1;
  if missing is not null then
    perform population.refuse('lease_missing', missing::text);
  end if;
end $$;

-- Disclosure ---------------------------------------------------------------------------------------------------------

-- Opens persons, their present households and further households to an office outside of their jurisdiction, for one
-- case and until an instant, or until the case ends.
create function population.disclose(for_case uuid, persons uuid[], households uuid[], office text, until_at timestamptz) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
  insert into population.disclosure (subject_id, subject_kind, case_id, org_code, opened_at, until)
  select s.id, s.subject_kind, for_case, office, kernel.moment(), coalesce(until_at, 'infinity')
  from (
    select person_id as id, 'person' as subject_kind from population.person where person_id = any (persons)
    union
    select household_id, 'household' from population.person where person_id = any (persons) and household_id is not null
    union
    select household_id, 'household' from population.household where household_id = any (households)
  ) s
  order by s.id
  on conflict on constraint disclosure_pkey do update set until = excluded.until;
end $$;

create function population.end_disclosure(for_case uuid) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
  update population.disclosure set until = kernel.moment() where case_id = for_case and until > kernel.moment();
end $$;

-- Changes ------------------------------------------------------------------------------------------------------------

create function population.require_case(for_case uuid) returns void
language plpgsql as $$
begin
  if for_case is null or kernel.case_id() is distinct from for_case then
    perform population.refuse('change_needs_case', for_case::text);
  end if;
end $$;

create function population.legal_day(at timestamptz) returns date
language sql immutable as $$ select (at at time zone 'Asia/Shanghai')::date $$;

-- Gives those who stay behind their new head and relations from an instant on. changes: [{ household_id, new_head_id,
-- relations: [{ person_id, relation }] }], only of the households named.
create function population.rewrite_relations(of_households uuid[], changes jsonb, at timestamptz) returns void
language plpgsql as $$
declare
  ids uuid[];
  relations text[];
  strangers integer;
  latest timestamptz;
begin
  if changes = '[]' then
    return;
  end if;
  select array_agg(m.membership_id) filter (where m.relation <> c.relation), array_agg(c.relation) filter (where m.relation <> c.relation),
         count(*) filter (where m.membership_id is null), max(lower(m.period)) filter (where m.relation <> c.relation)
  into ids, relations, strangers, latest
  from jsonb_array_elements(changes) as o
  cross join lateral (
    select (o ->> 'new_head_id')::uuid as person_id, '02' as relation where o ->> 'new_head_id' is not null
    union all
    select r.person_id, r.relation from jsonb_to_recordset(o -> 'relations') as r (person_id uuid, relation text)
    where r.person_id::text is distinct from o ->> 'new_head_id'
  ) c
  left join population.membership m
    on m.person_id = c.person_id and upper_inf(m.period) and m.household_id = (o ->> 'household_id')::uuid and m.household_id = any (of_households);
  if strangers > 0 then
    perform population.refuse('change_of_stranger');
  elsif latest > at then
    perform population.refuse('act_before_last_change');
  elsif ids is null then
    return;
  end if;
  if latest = at then
    -- Entered or changed at this very instant: there is no earlier part to keep in valid time.
    update population.membership m set relation = w.relation
    from unnest(ids, relations) as w (membership_id, relation) where m.membership_id = w.membership_id and lower(m.period) = at and w.relation <> '02';
    update population.membership m set relation = w.relation
    from unnest(ids, relations) as w (membership_id, relation) where m.membership_id = w.membership_id and lower(m.period) = at and w.relation = '02';
  end if;
  update population.membership set period = tstzrange(lower(period), at) where membership_id = any (ids) and lower(period) < at;
  insert into population.membership (membership_id, person_id, household_id, relation, station_code, period)
  select population.new_id(), m.person_id, m.household_id, w.relation, m.station_code, tstzrange(at, null)
  from unnest(ids, relations) as w (membership_id, relation) join population.membership m on m.membership_id = w.membership_id and upper(m.period) = at;
end $$;

-- What began at this instant or later cannot end at it: its period would be empty, which membership_lasts refuses.
create function population.end_memberships(of_persons uuid[], at timestamptz) returns void
language plpgsql as $$
begin
  update population.membership set period = tstzrange(lower(period), greatest(lower(period), at)) where person_id = any (of_persons) and upper_inf(period);
end $$;

-- A family household in which nobody remains is closed and its number never used again.
create function population.close_empty_households(candidates uuid[], at timestamptz) returns uuid[]
language plpgsql as $$
declare
  closed uuid[];
begin
  with empty as (
    update population.household h set status = 'closed', closed_on = population.legal_day(at)
    where h.household_id = any (candidates) and h.household_type = '1' and h.status = 'active'
      and not exists (select from population.membership m where m.household_id = h.household_id and upper_inf(m.period))
    returning h.household_id
  )
  select coalesce(array_agg(household_id order by household_id), '{}') into closed from empty;
  return closed;
end $$;

create function population.create_household(new_household jsonb, at timestamptz) returns population.household
language plpgsql as $$
declare
  number_prefix text := left(new_household ->> 'station_code', 9);
  sequence integer;
  created population.household;
begin
  insert into population.household_counter as c (prefix, last_sequence) values (number_prefix, 1)
  on conflict on constraint household_counter_pkey do update set last_sequence = c.last_sequence + 1
  returning last_sequence into sequence;
  insert into population.household (household_id, household_no, household_type, station_code, address_id, established_on, status)
  values ((new_household ->> 'household_id')::uuid, number_prefix || lpad(sequence::text, 6, '0'), new_household ->> 'household_type',
          new_household ->> 'station_code', (new_household ->> 'address_id')::uuid, population.legal_day(at), 'active')
  returning * into created;
  return created;
end $$;

-- From now on these persons are found in another county.
create function population.find_in_county(persons uuid[], county text) returns void
language plpgsql as $$
begin
  update population.name_sound n set county_code = county from population.search_key k
  where k.person_id = any (persons) and k.county_code <> county
    and n.county_code = k.county_code and n.sound = any (k.name_pinyin || k.name_initials) and n.person_id = k.person_id;
  update population.search_key set county_code = county, name_grams = population.grams_in_county(county, array(select substr(g, 7) from unnest(name_grams) g))
  where person_id = any (persons) and county_code <> county;
end $$;

-- Out there and in here are one act at one instant: moved out and moved in together, or neither.
-- act: { case_id, at, reason, range, movers: [{ person_id, relation }], target: { household_id } or { new_household:
-- { household_id, address_id, station_code, household_type } }, origin_changes: see rewrite_relations }
create function population.transfer_persons(act jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  for_case uuid := (act ->> 'case_id')::uuid;
  at timestamptz := (act ->> 'at')::timestamptz;
  target_id uuid := (act #>> '{target,household_id}')::uuid;
  target population.household;
  movers uuid[];
  relations text[];
  out_households uuid[];
  out_stations text[];
  origins uuid[];
  active integer;
  moved jsonb;
  closed uuid[];
begin
  perform population.require_case(for_case);
  select array_agg(m.person_id order by m.person_id), array_agg(m.relation order by m.person_id) into movers, relations
  from jsonb_to_recordset(act -> 'movers') as m (person_id uuid, relation text);
  -- Everybody locks persons before households and each in order, so nobody waits in a circle.
  select array_agg(p.household_id order by p.person_id), array_agg(p.station_code order by p.person_id), array_agg(distinct p.household_id),
         count(*) filter (where p.status = '0')
  into out_households, out_stations, origins, active
  from (select person_id, household_id, station_code, status from population.person where person_id = any (movers) order by person_id for no key update) p;
  if active is distinct from cardinality(movers) then
    perform population.refuse('mover_not_active', for_case::text);
  end if;
  if target_id = any (origins) then
    perform population.refuse('target_is_origin', target_id::text);
  end if;
  perform from population.household where household_id = any (origins || target_id) and household_type = '1' order by household_id for no key update;
  perform population.require_leases(for_case, array_remove(movers || origins || target_id, null));
  if target_id is null then
    target := population.create_household(act #> '{target,new_household}', at);
  else
    select * into target from population.household where household_id = target_id for share;
    if not found or target.status <> 'active' then
      perform population.refuse('target_not_active', target_id::text);
    end if;
  end if;

  perform population.end_memberships(movers, at);
  update population.person set household_id = target.household_id, station_code = target.station_code, address_id = target.address_id
  where person_id = any (movers);
  insert into population.membership (membership_id, person_id, household_id, relation, station_code, period)
  select population.new_id(), m.person_id, target.household_id, m.relation, target.station_code, tstzrange(at, null)
  from unnest(movers, relations) as m (person_id, relation);
  perform population.rewrite_relations(origins, act -> 'origin_changes', at);
  closed := population.close_empty_households(origins, at);

  if exists (select from unnest(out_stations) s where left(s, 6) <> left(target.station_code, 6)) then
    perform population.find_in_county(movers, left(target.station_code, 6));
  end if;
  with legs as (
    insert into population.movement (movement_id, person_id, moved_on, moved_at, out_household_id, out_station_code, in_household_id, in_station_code, reason, range)
    select population.new_id(), m.person_id, population.legal_day(at), at, m.household_id, m.station_code, target.household_id, target.station_code, act ->> 'reason', act ->> 'range'
    from unnest(movers, out_households, out_stations) as m (person_id, household_id, station_code)
    returning movement_id, person_id
  )
  select jsonb_agg(to_jsonb(legs) order by person_id) into moved from legs;
  return jsonb_build_object('target_household_id', target.household_id, 'target_household_no', target.household_no,
    'movements', moved, 'closed_household_ids', to_jsonb(closed));
end $$;

-- Undoes the transfer of a case as a whole (冲销), as long as nothing was built on it: everybody returns to the
-- household and relation of before, a household closed by it lives again, one founded by it closes.
-- act: { case_id, at }
create function population.reverse_transfer(act jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  for_case uuid := (act ->> 'case_id')::uuid;
  at timestamptz := (act ->> 'at')::timestamptz;
  transferred timestamptz;
  legs uuid[];
  movers uuid[];
  origins uuid[];
  targets uuid[];
  ended uuid[];
  begun uuid[];
  is_whole boolean;
  county text;
begin
  perform population.require_case(for_case);
  select max(m.moved_at), array_agg(m.movement_id), array_agg(m.person_id), array_agg(distinct m.out_household_id), array_agg(distinct m.in_household_id)
  into transferred, legs, movers, origins, targets
  from population.movement m
  where m.case_id = for_case and m.reverses is null and not exists (select from population.movement r where r.reverses = m.movement_id);
  if movers is null then
    perform population.refuse('nothing_to_reverse', for_case::text);
  elsif at <= transferred then
    perform population.refuse('act_before_last_change', for_case::text);
  end if;
  perform from population.person where person_id = any (movers) order by person_id for no key update;
  perform from population.household where household_id = any (origins || targets) order by household_id for no key update;
  -- What the case ended at that instant, beside what it began then and what is still as the case left it.
  select array_agg(o.membership_id), array_agg(n.membership_id), count(o.membership_id) filter (where o.person_id = any (movers)) = cardinality(movers) and bool_and(n.membership_id is not null)
  into ended, begun, is_whole
  from population.membership o
  left join population.membership n on n.person_id = o.person_id and upper_inf(n.period) and lower(n.period) = transferred and n.case_id = for_case
  where o.household_id = any (origins) and o.case_id = for_case and upper(o.period) = transferred;
  if is_whole is not true or exists (
    select from population.lease l where l.subject_id = any (movers || origins || targets) and l.case_id <> for_case
      and l.conflict_class is not null and l.released_at is null and l.expires_at > kernel.moment()) then
    perform population.refuse('changed_since', for_case::text);
  end if;

  perform set_config('huzheng.reversal', for_case::text, true);
  update population.household set status = 'active', closed_on = null where household_id = any (origins) and status = 'closed';
  perform set_config('huzheng.reversal', '', true);
  update population.membership set period = tstzrange(lower(period), at) where membership_id = any (begun);
  insert into population.membership (membership_id, person_id, household_id, relation, station_code, period)
  select population.new_id(), o.person_id, o.household_id, o.relation, o.station_code, tstzrange(at, null) from population.membership o where o.membership_id = any (ended);
  update population.person p set household_id = h.household_id, station_code = h.station_code, address_id = h.address_id
  from population.membership o join population.household h on h.household_id = o.household_id
  where o.membership_id = any (ended) and p.person_id = o.person_id and p.person_id = any (movers);
  for county in select distinct left(station_code, 6) from population.person where person_id = any (movers) loop
    perform population.find_in_county(array(select person_id from population.person where person_id = any (movers) and left(station_code, 6) = county), county);
  end loop;
  insert into population.movement (movement_id, person_id, moved_on, moved_at, out_household_id, out_station_code, in_household_id, in_station_code, reason, range, reverses)
  select population.new_id(), m.person_id, population.legal_day(at), at, m.in_household_id, m.in_station_code, m.out_household_id, m.out_station_code, m.reason, m.range, m.movement_id
  from population.movement m where m.movement_id = any (legs);
  return jsonb_build_object('person_ids', to_jsonb(movers), 'closed_household_ids', to_jsonb(population.close_empty_households(targets, at)));
end $$;

-- act: { case_id, at, person_id, died_on, origin_changes }
create function population.record_death(act jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  for_case uuid := (act ->> 'case_id')::uuid;
  at timestamptz := (act ->> 'at')::timestamptz;
  died date := (act ->> 'died_on')::date;
  gone population.person;
  origins uuid[];
begin
  perform population.require_case(for_case);
  select * into gone from population.person where person_id = (act ->> 'person_id')::uuid for no key update;
  if gone.status is null or gone.status not in ('0', '5') then
    perform population.refuse('mover_not_active', act ->> 'person_id');
  end if;
  select array_agg(household_id) into origins from population.membership where person_id = gone.person_id and upper_inf(period);
  perform population.require_leases(for_case, array_append(origins, gone.person_id));
  perform from population.household where household_id = any (origins) and household_type = '1' for no key update;
  perform population.end_memberships(array[gone.person_id], at);
  update population.person set status = '1', died_on = died where person_id = gone.person_id;
  update population.kin_link set until_on = greatest(from_on, died)
  where kind = 'spouse' and until_on is null and (person_id = gone.person_id or relative_id = gone.person_id);
  insert into population.alteration (alteration_id, person_id, item, kind, old_value, new_value, effective_on)
  values (population.new_id(), gone.person_id, 'status', 'change', gone.status, '1', died);
  perform population.rewrite_relations(origins, act -> 'origin_changes', at);
  return jsonb_build_object('closed_household_ids', to_jsonb(population.close_empty_households(origins, at)));
end $$;

create function population.index_person(which uuid, county text, born_on date, keys jsonb) returns void
language plpgsql as $$
begin
  delete from population.name_sound n using population.search_key k
  where k.person_id = which and n.county_code = k.county_code and n.sound = any (k.name_pinyin || k.name_initials) and n.person_id = which;
  insert into population.search_key as k (person_id, county_code, birth_on, name_folded, name_grams, name_pinyin, name_initials)
  select which, county, born_on, r.name_folded, population.grams_in_county(county, r.name_grams), r.name_pinyin, r.name_initials
  from jsonb_to_record(keys) as r (name_folded text, name_grams text[], name_pinyin text[], name_initials text[])
  on conflict on constraint search_key_pkey do update set county_code = excluded.county_code, birth_on = excluded.birth_on,
    name_folded = excluded.name_folded, name_grams = excluded.name_grams, name_pinyin = excluded.name_pinyin, name_initials = excluded.name_initials;
  insert into population.name_sound (county_code, sound, person_id)
  select distinct county, s, which from population.search_key k, unnest(k.name_pinyin || k.name_initials) s where k.person_id = which;
end $$;

-- act: { case_id, person_id, kind, effective_on, items: { item: value }, keys } where keys are those of the name as it
-- will be. Says how many items really changed. Non-main items change in the jurisdiction or under a lease of the case,
-- main items under a lease only, so that no card is made of what is being changed.
create function population.change_items(act jsonb) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  for_case uuid := (act ->> 'case_id')::uuid;
  before population.person;
  after population.person;
  altered integer;
begin
  perform population.require_case(for_case);
  select * into before from population.person where person_id = (act ->> 'person_id')::uuid for no key update;
  if not found or not (
    before.station_code >= current_setting('huzheng.org_from', true) and before.station_code < current_setting('huzheng.org_to', true)
    or exists (select from population.lease l where l.case_id = for_case and l.subject_id = before.person_id and l.released_at is null and l.expires_at > kernel.moment())) then
    perform population.refuse('person_not_found', act ->> 'person_id');
  end if;
  if population.case_may('main_items') then
    perform population.require_leases(for_case, array[before.person_id]);
  end if;
  after := jsonb_populate_record(before, act -> 'items');
  insert into population.alteration (alteration_id, person_id, item, kind, old_value, new_value, effective_on)
  select population.new_id(), before.person_id, i.item, act ->> 'kind', i.old_value, i.new_value, (act ->> 'effective_on')::date
  from (select key as item, to_jsonb(before) ->> key as old_value, to_jsonb(after) ->> key as new_value from jsonb_object_keys(act -> 'items') as key) i
  where i.old_value is distinct from i.new_value
  order by i.item;
  get diagnostics altered = row_count;
  if altered = 0 then
    return 0;
  end if;
  update population.person set
    id_number = after.id_number, name = after.name, former_name = after.former_name, sex = after.sex, ethnicity = after.ethnicity,
    birth_on = after.birth_on, birthplace = after.birthplace, native_place = after.native_place,
    education = after.education, marital_status = after.marital_status, military_service = after.military_service, blood_type = after.blood_type,
    height_cm = after.height_cm, occupation = after.occupation, workplace = after.workplace, phone = after.phone
  where person_id = before.person_id;
  if (after.name, after.former_name, after.birth_on) is distinct from (before.name, before.former_name, before.birth_on) then
    perform population.index_person(before.person_id, left(before.station_code, 6), after.birth_on, act -> 'keys');
  end if;
  return altered;
end $$;

-- Looking ------------------------------------------------------------------------------------------------------------

-- Finds persons of the caller's jurisdiction, county by county, so that the work depends on the county and never on the
-- size of the province. It runs as the owner because under row security no index but one of plain comparisons is used;
-- the jurisdiction is therefore written out. Order: county, then by characters the shortest name first, by sound the
-- sound; then the person. after_*: the last row of the page before. One plan serves every name, and one process: at a
-- million people both to plan anew and to start a helper take longer than the search.
create function population.search_persons(
  grams text[], beginning text, born_on date, addresses uuid[], station text, after_county text, after_key text, after_id uuid, rows_max integer
) returns table (person_id uuid, county_code text, sort_key text)
language plpgsql stable rows 20 security definer set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan set max_parallel_workers_per_gather = 0 as $$
#variable_conflict use_column
declare
  from_code text := current_setting('huzheng.org_from', true);
  to_code text := current_setting('huzheng.org_to', true);
  county text;
  grams_here text[];
  found_before integer := 0;
  found_now integer;
begin
  if addresses is not null then
    return query
      select p.person_id, left(p.station_code, 6), ''
      from population.household h
      join population.membership m on m.household_id = h.household_id and upper_inf(m.period)
      join population.person p on p.person_id = m.person_id
      join population.search_key k on k.person_id = p.person_id
      where h.address_id = any (addresses) and p.station_code >= from_code and p.station_code < to_code and (station is null or p.station_code = station)
        and (after_id is null or p.person_id > after_id)
        and (born_on is null or k.birth_on = born_on) and (grams is null or k.name_grams @> population.grams_in_county(k.county_code, grams))
        and (beginning is null or exists (select from unnest(k.name_pinyin || k.name_initials) s where starts_with(s, beginning)))
      order by p.person_id limit rows_max;
    return;
  end if;
  select min(k.county_code) into county from population.search_key k
  where k.county_code >= coalesce(left(station, 6), after_county, '') and k.county_code >= left(from_code, 6) and k.county_code <= left(coalesce(station, to_code), 6);
  while county is not null and found_before < rows_max loop
    if county is distinct from after_county then
      after_key := null;
      after_id := null;
    end if;
    grams_here := population.grams_in_county(county, grams);
    if born_on is not null then
      return query
        select p.person_id, k.county_code, ''
        from population.search_key k join population.person p on p.person_id = k.person_id
        where k.county_code = county and k.birth_on = born_on and (after_id is null or k.person_id > after_id)
          and p.station_code >= from_code and p.station_code < to_code and (station is null or p.station_code = station)
          and (grams is null or k.name_grams @> grams_here)
          and (beginning is null or exists (select from unnest(k.name_pinyin || k.name_initials) s where starts_with(s, beginning)))
        order by k.person_id limit rows_max - found_before;
    elsif grams is not null then
      return query
        -- Put in order first: then only those who are shown, and who stand before them elsewhere, are looked up.
        select p.person_id, k.county_code, k.characters::text
        from (
          select person_id, county_code, char_length(name_folded) as characters from population.search_key
          where name_grams @> grams_here and (after_id is null or (char_length(name_folded), person_id) > (after_key::integer, after_id))
          order by 3, 1 offset 0) k
        join population.person p on p.person_id = k.person_id
        where p.station_code >= from_code and p.station_code < to_code and (station is null or p.station_code = station)
        order by k.characters, k.person_id limit rows_max - found_before;
    elsif beginning is not null then
      return query
        select p.person_id, n.county_code, n.sound
        from population.name_sound n
        join population.person p on p.person_id = n.person_id
        join population.search_key k on k.person_id = n.person_id
        where n.county_code = county and n.sound >= coalesce(after_key, beginning) and n.sound < beginning || '~'
          and (after_id is null or (n.sound, n.person_id) > (after_key, after_id))
          and p.station_code >= from_code and p.station_code < to_code and (station is null or p.station_code = station)
          -- A name of several readings is shown once, at the first that fits.
          and not exists (select from unnest(k.name_pinyin || k.name_initials) s where starts_with(s, beginning) and s collate "C" < n.sound)
        order by n.sound, n.person_id limit rows_max - found_before;
    end if;
    get diagnostics found_now = row_count;
    found_before := found_before + found_now;
    select min(k.county_code) into county from population.search_key k where k.county_code > county and k.county_code <= left(coalesce(station, to_code), 6);
  end loop;
end $$;

-- What must be known before persons move, in one question. It looks past row security, so it says itself what the caller
-- may see: persons and households of the jurisdiction, and those disclosed to it.
create function population.facts_for_move(movers uuid[], target uuid) returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  moment timestamptz := kernel.moment();
  org_from text := current_setting('huzheng.org_from', true);
  org_to text := current_setting('huzheng.org_to', true);
  persons jsonb;
  places uuid[];
  named uuid[];
  households jsonb;
  kin jsonb;
  leases jsonb;
begin
  select jsonb_agg(jsonb_build_object('person_id', p.person_id, 'name', p.name, 'id_number', p.id_number, 'sex', p.sex, 'birth_on', p.birth_on, 'status', p.status,
           'station_code', p.station_code, 'household_id', m.household_id, 'relation', m.relation, 'household_no', h.household_no, 'household_type', h.household_type)
           order by array_position(movers, p.person_id)),
         array_agg(distinct m.household_id) filter (where m.household_id is not null)
  into persons, places
  from population.person p
  left join population.membership m on m.person_id = p.person_id and upper_inf(m.period)
  left join population.household h on h.household_id = m.household_id
  where p.person_id = any (movers)
    and (p.station_code >= org_from and p.station_code < org_to
      or exists (select from population.disclosure d where d.subject_id in (p.person_id, p.household_id) and d.until > moment and d.org_code >= org_from and d.org_code < org_to));
  if exists (
    select from population.household h where h.household_id = target
      and (h.station_code >= org_from and h.station_code < org_to
        or exists (select from population.disclosure d where d.subject_id = h.household_id and d.until > moment and d.org_code >= org_from and d.org_code < org_to))) then
    places := array_append(places, target);
  end if;

  select jsonb_agg(jsonb_build_object('household_id', h.household_id, 'household_no', h.household_no, 'household_type', h.household_type, 'status', h.status,
           'station_code', h.station_code, 'address_id', h.address_id, 'members', l.members) order by h.household_id)
  into households
  from (select distinct place from unnest(places) as place) w
  join population.household h on h.household_id = w.place
  cross join lateral (
    select jsonb_agg(jsonb_build_object('person_id', p.person_id, 'name', p.name, 'id_number', p.id_number, 'sex', p.sex, 'birth_on', p.birth_on, 'relation', m.relation)
        order by m.relation <> '02', p.birth_on, p.person_id) as members
    from population.membership m join population.person p on p.person_id = m.person_id
    where m.household_id = h.household_id and upper_inf(m.period) and (h.household_type = '1' or m.person_id = any (movers))) l;
  select movers || coalesce(array_agg((x ->> 'person_id')::uuid), '{}') into named
  from jsonb_array_elements(coalesce(households, '[]')) as y, jsonb_array_elements(coalesce(nullif(y -> 'members', 'null'), '[]')) as x;

  select jsonb_agg(jsonb_build_object('person_id', k.person_id, 'relative_id', k.relative_id, 'kind', k.kind) order by k.person_id, k.kind, k.relative_id) into kin
  from (
    select person_id, relative_id, kind from population.kin_link where person_id = any (named) and until_on is null
    union
    select person_id, relative_id, kind from population.kin_link where relative_id = any (named) and until_on is null) k;

  select jsonb_agg(jsonb_build_object('subject_id', l.subject_id, 'subject_kind', l.subject_kind, 'kind', l.kind, 'case_id', l.case_id, 'case_no', l.case_no,
           'org_code', l.org_code, 'holder_name', l.holder_name, 'holder_phone', l.holder_phone, 'expires_at', l.expires_at) order by l.opened_at, l.lease_id) into leases
  from population.lease l where l.subject_id = any (movers || places) and l.released_at is null and l.expires_at > moment;
  return jsonb_build_object('persons', persons, 'households', households, 'kin', kin, 'leases', leases);
end $$;

-- Province-wide by the exact number, also by one that was given up: for naming the parties of a case. What it tells is
-- kept small, and with `folded` it tells it only to who knows the name as well.
create function population.find_person_by_number(number text, folded text default null)
returns table (person_id uuid, id_number text, name text, sex text, birth_on date, status text, station_code text, household_id uuid, address_id uuid)
language sql stable rows 1 security definer set search_path = pg_catalog, pg_temp as $$
  select p.person_id, p.id_number, p.name, p.sex, p.birth_on, p.status, p.station_code, p.household_id, p.address_id
  from population.person p
  where p.person_id = coalesce(
    (select o.person_id from population.person o where o.id_number = number),
    (select r.person_id from population.retired_number r where r.id_number = number))
    and (folded is null or exists (select from population.search_key k where k.person_id = p.person_id and k.name_folded = folded))
$$;

-- What the walls above should make impossible, looked for in all rows or in some: for the nightly check, and for bulk
-- loads, which put their rows in first and are checked as a whole. Plain, so that it is planned with its arguments.
create function population.broken_invariants(households uuid[] default null, persons uuid[] default null)
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
  from population.person p join population.retired_number r on r.id_number = p.id_number
  where persons is null or p.person_id = any (persons)
  union all
  select 'parent_is_older', k.person_id
  from population.kin_link k
  left join population.person child on child.person_id = k.person_id
  left join population.person parent on parent.person_id = k.relative_id
  where k.kind in ('father', 'mother') and (persons is null or k.person_id = any (persons)) and (parent.birth_on < child.birth_on) is not true
$$;

-- The second wall: who sees what ---------------------------------------------------------------------------------------

do $$
declare
  guarded name;
begin
  foreach guarded in array array['person', 'household', 'membership', 'kin_link', 'movement', 'alteration', 'person_past', 'household_past',
    'membership_past', 'kin_link_past', 'lease', 'disclosure', 'retired_number', 'household_counter', 'search_key', 'name_sound'] loop
    execute format('alter table population.%I enable row level security', guarded);
  end loop;
end $$;

create policy inside_jurisdiction on population.disclosure for select to huzheng_app using (
  org_code >= current_setting('huzheng.org_from', true) and org_code < current_setting('huzheng.org_to', true));
create policy inside_jurisdiction_or_disclosed on population.person for select to huzheng_app using (
  station_code >= current_setting('huzheng.org_from', true) and station_code < current_setting('huzheng.org_to', true)
  or exists (select from population.disclosure d where d.subject_id in (person.person_id, person.household_id) and d.until > kernel.moment()));
create policy inside_jurisdiction_or_disclosed on population.household for select to huzheng_app using (
  station_code >= current_setting('huzheng.org_from', true) and station_code < current_setting('huzheng.org_to', true)
  or exists (select from population.disclosure d where d.subject_id = household.household_id and d.until > kernel.moment()));

-- A station keeps its own history, and who sees a person sees the whole of that person's history.
create policy inside_jurisdiction_or_of_person_seen on population.membership for select to huzheng_app using (
  station_code >= current_setting('huzheng.org_from', true) and station_code < current_setting('huzheng.org_to', true)
  or exists (select from population.person p where p.person_id = membership.person_id));
create policy inside_jurisdiction_or_of_person_seen on population.membership_past for select to huzheng_app using (
  station_code >= current_setting('huzheng.org_from', true) and station_code < current_setting('huzheng.org_to', true)
  or exists (select from population.person p where p.person_id = membership_past.person_id));
create policy inside_jurisdiction_or_of_person_seen on population.person_past for select to huzheng_app using (
  station_code >= current_setting('huzheng.org_from', true) and station_code < current_setting('huzheng.org_to', true)
  or exists (select from population.person p where p.person_id = person_past.person_id));
create policy inside_jurisdiction_or_of_household_seen on population.household_past for select to huzheng_app using (
  station_code >= current_setting('huzheng.org_from', true) and station_code < current_setting('huzheng.org_to', true)
  or exists (select from population.household h where h.household_id = household_past.household_id));
create policy of_person_seen on population.kin_link for select to huzheng_app using (
  exists (select from population.person p where p.person_id in (kin_link.person_id, kin_link.relative_id)));
create policy of_person_seen on population.kin_link_past for select to huzheng_app using (
  exists (select from population.person p where p.person_id in (kin_link_past.person_id, kin_link_past.relative_id)));
create policy inside_jurisdiction_or_of_person_seen on population.movement for select to huzheng_app using (
  out_station_code >= current_setting('huzheng.org_from', true) and out_station_code < current_setting('huzheng.org_to', true)
  or in_station_code >= current_setting('huzheng.org_from', true) and in_station_code < current_setting('huzheng.org_to', true)
  or exists (select from population.person p where p.person_id = movement.person_id));
create policy of_person_seen on population.alteration for select to huzheng_app using (
  exists (select from population.person p where p.person_id = alteration.person_id));
create policy inside_jurisdiction on population.retired_number for select to huzheng_app using (
  station_code >= current_setting('huzheng.org_from', true) and station_code < current_setting('huzheng.org_to', true));
create policy held_by_office_or_on_subject_seen on population.lease for select to huzheng_app using (
  org_code >= current_setting('huzheng.org_from', true) and org_code < current_setting('huzheng.org_to', true)
  or exists (select from population.person p where p.person_id = lease.subject_id)
  or exists (select from population.household h where h.household_id = lease.subject_id));

grant select on population.person, population.household, population.membership, population.kin_link, population.movement, population.alteration,
  population.person_past, population.household_past, population.membership_past, population.kin_link_past,
  population.lease, population.disclosure, population.retired_number to huzheng_app;

revoke execute on all functions in schema population from public;
grant execute on function
  population.allow_main_items(uuid), population.allow_correction(uuid), population.legal_day(timestamptz), population.refuse(text, text),
  population.open_leases(uuid, text, text, uuid[], uuid[], text, text, text, timestamptz), population.extend_leases(uuid, timestamptz), population.release_leases(uuid),
  population.disclose(uuid, uuid[], uuid[], text, timestamptz), population.end_disclosure(uuid),
  population.transfer_persons(jsonb), population.reverse_transfer(jsonb), population.record_death(jsonb), population.change_items(jsonb),
  population.search_persons(text[], text, date, uuid[], text, text, text, uuid, integer), population.find_person_by_number(text, text), population.facts_for_move(uuid[], uuid),
  population.broken_invariants(uuid[], uuid[])
  to huzheng_app;

-- Words for the data dictionary ----------------------------------------------------------------------------------------

comment on schema population is '人口登记:人、户、户成员、亲属、迁移、变更更正及全部历史版本';
comment on function population.id_number_valid(text) is '公民身份号码格式与校验码(GB 11643)';
comment on table population.household is '户';
comment on column population.household.household_id is '户内部编号';
comment on column population.household.household_no is '户号:区划 6 位、派出所 3 位、顺序 6 位';
comment on column population.household.household_type is '户类型';
comment on column population.household.station_code is '登记派出所';
comment on column population.household.address_id is '户址(标准地址编号)';
comment on column population.household.established_on is '立户日期';
comment on column population.household.status is '状态:正常、已销户';
comment on column population.household.closed_on is '销户日期';
comment on table population.person is '人';
comment on column population.person.person_id is '人员内部编号,终身不变';
comment on column population.person.id_number is '公民身份号码';
comment on column population.person.name is '姓名';
comment on column population.person.former_name is '曾用名';
comment on column population.person.sex is '性别';
comment on column population.person.ethnicity is '民族';
comment on column population.person.birth_on is '出生日期';
comment on column population.person.birthplace is '出生地(区划代码)';
comment on column population.person.native_place is '籍贯(区划代码)';
comment on column population.person.status is '人员状态';
comment on column population.person.died_on is '死亡日期';
comment on column population.person.education is '文化程度';
comment on column population.person.marital_status is '婚姻状况';
comment on column population.person.military_service is '兵役状况';
comment on column population.person.blood_type is '血型';
comment on column population.person.height_cm is '身高(厘米)';
comment on column population.person.occupation is '职业';
comment on column population.person.workplace is '服务处所';
comment on column population.person.phone is '联系电话';
comment on column population.person.household_id is '所在户;已注销人员为最后所在户';
comment on column population.person.station_code is '登记派出所';
comment on column population.person.address_id is '登记住址(标准地址编号)';
comment on column population.person.synthetic is '虚构数据标识:演示与测试用';
comment on table population.membership is '户成员:谁在何时段属于哪一户,与户主是何关系';
comment on column population.membership.membership_id is '成员记录编号';
comment on column population.membership.person_id is '人员';
comment on column population.membership.household_id is '户';
comment on column population.membership.relation is '与户主关系(GB/T 4761)';
comment on column population.membership.station_code is '当时的登记派出所';
comment on column population.membership.period is '有效时段(前闭后开)';
comment on table population.kin_link is '亲属关系';
comment on column population.kin_link.kin_link_id is '亲属关系编号';
comment on column population.kin_link.person_id is '人员';
comment on column population.kin_link.relative_id is '亲属:此人的父亲、母亲或配偶';
comment on column population.kin_link.kind is '关系:父亲、母亲、配偶';
comment on column population.kin_link.from_on is '起始日期';
comment on column population.kin_link.until_on is '终止日期';
comment on table population.movement is '迁移:迁出与迁入同一瞬间';
comment on column population.movement.movement_id is '迁移编号';
comment on column population.movement.person_id is '人员';
comment on column population.movement.moved_on is '迁移日期';
comment on column population.movement.moved_at is '迁移时刻';
comment on column population.movement.out_household_id is '迁出户';
comment on column population.movement.out_station_code is '迁出派出所';
comment on column population.movement.in_household_id is '迁入户';
comment on column population.movement.in_station_code is '迁入派出所';
comment on column population.movement.reason is '迁移原因';
comment on column population.movement.range is '变动范围';
comment on column population.movement.reverses is '被此条冲销的迁移';
comment on table population.alteration is '变更更正:逐项记录前后内容';
comment on column population.alteration.alteration_id is '变更更正编号';
comment on column population.alteration.person_id is '人员';
comment on column population.alteration.item is '项目';
comment on column population.alteration.kind is '类别:变更(事实已变)或更正(原登记有误)';
comment on column population.alteration.old_value is '原内容';
comment on column population.alteration.new_value is '新内容';
comment on column population.alteration.effective_on is '生效日期';
comment on table population.retired_number is '停用公民身份号码:永不再用';
comment on column population.retired_number.id_number is '停用的公民身份号码';
comment on column population.retired_number.person_id is '原持有人';
comment on column population.retired_number.station_code is '登记派出所';
comment on table population.household_counter is '户号顺序';
comment on column population.household_counter.prefix is '区划与派出所(9 位)';
comment on column population.household_counter.last_sequence is '已用到的顺序号';
comment on table population.lease is '办理占用:谁正在为哪一办件办理此人此户,何时到期';
comment on column population.lease.lease_id is '占用编号';
comment on column population.lease.subject_id is '被占用的人或户';
comment on column population.lease.subject_kind is '人或户';
comment on column population.lease.kind is '办理类别';
comment on column population.lease.conflict_class is '互斥类别;空为不互斥';
comment on column population.lease.case_id is '办件';
comment on column population.lease.case_no is '办件编号';
comment on column population.lease.org_code is '办理单位';
comment on column population.lease.holder_name is '办理人';
comment on column population.lease.holder_phone is '办理电话';
comment on column population.lease.opened_at is '开始时间';
comment on column population.lease.expires_at is '到期时间';
comment on column population.lease.released_at is '解除时间';
comment on column population.lease.release_reason is '解除原因:办结、到期、因死亡登记中止';
comment on table population.disclosure is '跨辖区查看:办件期间向办理单位开放的人和户';
comment on column population.disclosure.subject_id is '开放的人或户';
comment on column population.disclosure.subject_kind is '人或户';
comment on column population.disclosure.case_id is '办件';
comment on column population.disclosure.org_code is '获准查看的单位';
comment on column population.disclosure.opened_at is '开始时间';
comment on column population.disclosure.until is '截止时间';
comment on table population.search_key is '姓名检索键(由姓名生成,不是登记内容)';
comment on column population.search_key.person_id is '人员';
comment on column population.search_key.county_code is '登记地县级区划';
comment on column population.search_key.birth_on is '出生日期';
comment on column population.search_key.name_folded is '归一后的姓名';
comment on column population.search_key.name_grams is '单字双字键,各以县级区划开头';
comment on column population.search_key.name_pinyin is '拼音键(含全部读音)';
comment on column population.search_key.name_initials is '首字母键';
comment on table population.name_sound is '读音检索键:每个读音一行';
comment on column population.name_sound.county_code is '登记地县级区划';
comment on column population.name_sound.sound is '拼音或首字母';
comment on column population.name_sound.person_id is '人员';

do $$
declare
  stated record;
begin
  for stated in
    select c.table_name, c.column_name, case c.column_name when 'version' then '版本号' when 'case_id' then '形成此版本的办件' when 'recorded_from' then '登记时间' end as zh
    from information_schema.columns c
    where c.table_schema = 'population' and c.column_name in ('version', 'case_id', 'recorded_from')
      and c.table_name in ('person', 'household', 'membership', 'kin_link', 'movement', 'alteration', 'retired_number')
  loop
    execute format('comment on column population.%I.%I is %L', stated.table_name, stated.column_name, stated.zh);
  end loop;
  -- The past tables say the same as their present ones.
  for stated in
    select a.attname, t.relname, coalesce(col_description(t.oid, a.attnum), '被后一版本取代的时间') as zh, obj_description(t.oid, 'pg_class') as table_zh
    from pg_class t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
    where t.relnamespace = 'population'::regnamespace and t.relname in ('person', 'household', 'membership', 'kin_link')
  loop
    execute format('comment on column population.%I.%I is %L', stated.relname || '_past', stated.attname, stated.zh);
    execute format('comment on table population.%I is %L', stated.relname || '_past', stated.table_zh || '(历史版本)');
    execute format('comment on column population.%I.recorded_until is %L', stated.relname || '_past', '被后一版本取代的时间');
  end loop;
end $$;
