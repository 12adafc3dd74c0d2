-- network: police
-- People take more parts in a case than moving and receiving: parents of a newborn, the head who follows, the record
-- that is kept. Each is named by its part, as declared and as found.

alter table cases.case_file add column parts jsonb not null default '[]';
comment on column cases.case_file.parts is '各方当事人:身份、申报的姓名和号码、户口核对结果';

alter table cases.party drop constraint party_part;
alter table cases.party add constraint party_part check (part in (
  'applicant', 'mover', 'member', 'subject', 'target_head', 'new_head', 'father', 'mother', 'spouse', 'guardian', 'adopter', 'kept', 'requester', 'manager', 'person'));

create or replace function cases.record_act(p jsonb, moment timestamptz) returns integer
language plpgsql as $$
declare
  before cases.case_file;
  after cases.case_file;
  last cases.case_event;
  line text;
begin
  select * into strict before from cases.case_file where case_id = (p ->> 'case_id')::uuid for update;
  after := jsonb_populate_record(before, coalesce(p -> 'case', '{}'));
  update cases.case_file set
    state = after.state, version = before.version + 1, step = after.step, answers = after.answers, movers = after.movers, parts = after.parts, applicant_person_id = after.applicant_person_id, applicant_phone = after.applicant_phone,
    target_org = after.target_org, target_address_id = after.target_address_id, target_household_id = after.target_household_id, origin_org = after.origin_org,
    waiting_org = after.waiting_org, waiting_role = after.waiting_role, waiting_act = after.waiting_act, waiting_since = after.waiting_since, step_due_at = after.step_due_at, urged = after.urged,
    accepted_at = after.accepted_at, accepted_by = after.accepted_by, approved_at = after.approved_at, due_at = after.due_at, clock_stopped_at = after.clock_stopped_at, closed_at = after.closed_at,
    claimed_by = after.claimed_by, claimed_name = after.claimed_name, claimed_org = after.claimed_org, claimed_phone = after.claimed_phone, claimed_until = after.claimed_until,
    decision = after.decision, suspension = after.suspension, effect = after.effect
  where case_id = before.case_id;

  if p ? 'steps' then
    insert into cases.step (case_id, step, act, role, level, org_code, label, limit_working_minutes, on_timeout, state, arrived_at, half_at, most_at, due_at, urged, done_at, done_by, done_by_name, opinion)
    select before.case_id, s.step, s.act, s.role, s.level, s.org_code, s.label, s.limit_working_minutes, s.on_timeout, s.state, s.arrived_at, s.half_at, s.most_at, s.due_at, coalesce(s.urged, 0), s.done_at, s.done_by, s.done_by_name, s.opinion
    from jsonb_populate_recordset(null::cases.step, p -> 'steps') as s
    on conflict on constraint step_pkey do update set
      act = excluded.act, role = excluded.role, level = excluded.level, org_code = excluded.org_code, label = excluded.label, limit_working_minutes = excluded.limit_working_minutes,
      on_timeout = excluded.on_timeout, state = excluded.state, arrived_at = excluded.arrived_at, half_at = excluded.half_at, most_at = excluded.most_at, due_at = excluded.due_at,
      urged = excluded.urged, done_at = excluded.done_at, done_by = excluded.done_by, done_by_name = excluded.done_by_name, opinion = excluded.opinion;
  end if;

  select * into last from cases.case_event where case_id = before.case_id order by sequence desc limit 1;
  line := concat_ws(e'\n', coalesce(last.hash, ''), before.case_id, coalesce(last.sequence, 0) + 1, extract(epoch from moment)::text, p ->> 'act', p #>> '{actor,kind}', p #>> '{actor,id}',
    p #>> '{actor,org_code}', p ->> 'opinion', coalesce(p -> 'detail', '{}')::text);
  insert into cases.case_event (case_id, sequence, at, act, actor_kind, actor_id, actor_name, org_code, post, opinion, detail, previous_hash, hash)
  values (before.case_id, coalesce(last.sequence, 0) + 1, moment, p ->> 'act', p #>> '{actor,kind}', p #>> '{actor,id}', p #>> '{actor,name}', p #>> '{actor,org_code}', p #>> '{actor,post}',
    p ->> 'opinion', coalesce(p -> 'detail', '{}'), coalesce(last.hash, ''), encode(sha256(convert_to(line, 'UTF8')), 'hex'));

  if p ? 'messages' then
    insert into cases.message (message_id, org_code, at, kind, text, case_id, case_no)
    select m.message_id, m.org_code, moment, m.kind, m.text, before.case_id, before.case_no
    from jsonb_populate_recordset(null::cases.message, p -> 'messages') as m;
  end if;
  return before.version + 1;
end $$;

-- Opens a case with its first event, parties and materials. It runs as the owner: the station that an applicant comes to
-- may enter a case that another station handles, and does not see it afterwards.
create or replace function cases.open_case(p jsonb, moment timestamptz) returns table (case_no text, version integer)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  row cases.case_file := jsonb_populate_record(null::cases.case_file, p -> 'case');
begin
  row.case_no := cases.next_case_no(row.target_org, (moment at time zone 'Asia/Shanghai')::date);
  row.version := 0;
  row.submitted_at := coalesce(row.submitted_at, moment);
  row.urged := 0;
  row.parts := coalesce(row.parts, '[]');
  row.step := 1;
  insert into cases.case_file select row.*;
  insert into cases.party (case_id, person_id, part)
  select row.case_id, (x ->> 'person_id')::uuid, x ->> 'part' from jsonb_array_elements(p -> 'parties') as x
  on conflict do nothing;
  insert into cases.material (case_id, code, version, supplied_by, certificate_no, attachments, supplied_at)
  select row.case_id, m.code, 1, m.supplied_by, m.certificate_no, coalesce(m.attachments, '[]'), moment
  from jsonb_populate_recordset(null::cases.material, p -> 'materials') as m;
  perform cases.record_act(p || jsonb_build_object('case_id', row.case_id, 'case', '{}'::jsonb), moment);
  return query select c.case_no, c.version from cases.case_file c where c.case_id = row.case_id;
end $$;

revoke execute on function cases.open_case(jsonb, timestamptz) from public;
grant execute on function cases.open_case(jsonb, timestamptz) to huzheng_app;
