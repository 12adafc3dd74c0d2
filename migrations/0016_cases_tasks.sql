-- network: police
-- Beside its route a case asks things of units and officers: a check on the spot, the county's review, one more named
-- opinion, an answer to a supervision order, a longer time. Each is a task with a clock of its own. An enquiry is what
-- was found in answer to a check.

create table cases.task (
  task_id uuid constraint task_pkey primary key,
  case_id uuid not null constraint task_case references cases.case_file,
  number integer not null,
  kind text not null constraint task_kind check (kind in ('verify', 'review', 'check', 'opinion', 'supervise', 'extend')),
  step integer not null,
  -- Copied, so that the row security of a task does not lean on that of the case, which leans on tasks.
  case_org text collate "C" not null,
  org_code text collate "C" not null,
  role text,
  officer_id uuid,
  officer_name text,
  wanted text not null,
  asked_by uuid,
  asked_by_name text,
  asked_org text collate "C" not null,
  asked_at timestamptz not null,
  limit_working_minutes integer not null constraint task_limit check (limit_working_minutes > 0),
  half_at timestamptz not null,
  most_at timestamptz not null,
  due_at timestamptz not null,
  urged integer not null default 0,
  state text not null constraint task_state check (state in ('open', 'objected', 'done', 'cancelled')),
  ended_at timestamptz,
  ended_by uuid,
  ended_by_name text,
  answer jsonb,
  constraint task_number unique (case_id, number),
  constraint task_end check ((state in ('done', 'cancelled')) = (ended_at is not null)),
  constraint task_answer check (state <> 'done' or answer is not null)
);
create index task_waiting on cases.task (org_code, due_at) where state = 'open';
create index task_asked on cases.task (asked_org, due_at) where state in ('open', 'objected');
create index task_clock_half on cases.task (half_at) where state = 'open' and urged < 50;
create index task_clock_most on cases.task (most_at) where state = 'open' and urged < 80;
create index task_clock_due on cases.task (due_at) where state = 'open' and urged < 100;
-- 行政许可法第四十二条: the time is lengthened once.
create unique index extension_once on cases.task (case_id) where kind = 'extend' and (state = 'open' or (state = 'done' and (answer ->> 'granted')::boolean));

create table cases.enquiry (
  case_id uuid not null constraint enquiry_case references cases.case_file,
  number integer not null,
  task_id uuid constraint enquiry_task references cases.task,
  result text not null constraint enquiry_result check (result in ('confirmed', 'partly', 'not_confirmed')),
  findings text not null constraint enquiry_findings check (char_length(findings) >= 4),
  people_met jsonb not null default '[]',
  enquired_on date not null,
  scans jsonb not null default '[]',
  org_code text collate "C" not null,
  recorded_at timestamptz not null,
  recorded_by uuid not null,
  recorded_by_name text not null,
  constraint enquiry_pkey primary key (case_id, number),
  constraint enquiry_day check (enquired_on <= (recorded_at at time zone 'Asia/Shanghai')::date)
);

-- Cases that wait for somebody outside: another authority, another province, the card factory.
create index case_file_outside on cases.case_file (target_org, step_due_at) where waiting_act in ('agency_preliminary', 'agency_approve', 'await_certificate', 'produce');

-- Whoever brings a matter in does not decide on it, and whoever has decided does not bring it in again
-- (S1 to S3; what one officer does at once has no step of review or approval). The programs say so first; this holds
-- against any other way of writing.
create function cases.hands_joined(of_case uuid, hand uuid, of_act text) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (
    select from cases.case_event e
    where e.case_id = of_case and e.actor_kind = 'officer' and e.actor_id = hand::text
      and e.act = any(case when of_act = 'accept' then array['review', 'review_below', 'approve', 'reject'] else array['submit', 'accept'] end))
  or exists (
    select from cases.step s
    where s.case_id = of_case and s.done_by = hand and s.state in ('done', 'refused')
      and s.act = any(case when of_act = 'accept' then array['review', 'approve'] else array['accept'] end))
$$;

create function cases.refuse_joined_hands() returns trigger
language plpgsql as $$
begin
  if cases.hands_joined(new.case_id, new.done_by, new.act) then
    raise exception 'entry and approval of case % lie in one hand', new.case_id using errcode = 'check_violation', constraint = 'step_two_persons';
  end if;
  return new;
end $$;
create trigger two_persons_when_entered before insert on cases.step
  for each row when (new.done_by is not null and new.state in ('done', 'refused') and new.act in ('accept', 'review', 'approve'))
  execute function cases.refuse_joined_hands();
create trigger two_persons_when_done before update on cases.step
  for each row when (new.done_by is not null and new.state in ('done', 'refused') and new.act in ('accept', 'review', 'approve')
    and (new.done_by, new.state, new.act) is distinct from (old.done_by, old.state, old.act))
  execute function cases.refuse_joined_hands();

create function cases.refuse_joined_hands_of_task() returns trigger
language plpgsql as $$
begin
  if cases.hands_joined(new.case_id, new.ended_by, 'review') then
    raise exception 'entry and review of case % lie in one hand', new.case_id using errcode = 'check_violation', constraint = 'task_two_persons';
  end if;
  return new;
end $$;
create trigger two_persons before insert or update on cases.task
  for each row when (new.kind in ('review', 'opinion') and new.state = 'done' and new.ended_by is not null)
  execute function cases.refuse_joined_hands_of_task();

-- The second wall: a task is seen by the unit asked, the unit that asks and the side of the case; the unit asked sees the
-- case while it owes an answer.
alter table cases.task enable row level security;
create policy asked_or_asking on cases.task to huzheng_app using (
  (org_code >= current_setting('huzheng.org_from', true) and org_code < current_setting('huzheng.org_to', true))
  or (asked_org >= current_setting('huzheng.org_from', true) and asked_org < current_setting('huzheng.org_to', true))
  or (case_org >= current_setting('huzheng.org_from', true) and case_org < current_setting('huzheng.org_to', true)))
  with check (true);
create policy owes_an_answer on cases.case_file to huzheng_app using (exists (
  select from cases.task t where t.case_id = case_file.case_id and t.state in ('open', 'objected')
    and t.org_code >= current_setting('huzheng.org_from', true) and t.org_code < current_setting('huzheng.org_to', true)))
  with check (true);
alter table cases.enquiry enable row level security;
create policy with_its_case on cases.enquiry to huzheng_app using (exists (select 1 from cases.case_file c where c.case_id = enquiry.case_id)) with check (true);

grant select, insert, update on cases.task to huzheng_app;
grant select, insert on cases.enquiry to huzheng_app;
grant execute on function cases.hands_joined(uuid, uuid, text) to huzheng_app;

comment on table cases.task is '任务:核查、下行审核、加签、委派、督办、延期';
comment on column cases.task.task_id is '任务内部编号';
comment on column cases.task.case_id is '办件';
comment on column cases.task.number is '办件内序号';
comment on column cases.task.kind is '种类';
comment on column cases.task.step is '所属环节';
comment on column cases.task.case_org is '办件承办单位';
comment on column cases.task.org_code is '受任单位';
comment on column cases.task.role is '受任岗位(空:单位内有权人员)';
comment on column cases.task.officer_id is '指名人员';
comment on column cases.task.officer_name is '指名人员姓名';
comment on column cases.task.wanted is '要求';
comment on column cases.task.asked_by is '交办人(空:系统)';
comment on column cases.task.asked_by_name is '交办人姓名';
comment on column cases.task.asked_org is '交办单位';
comment on column cases.task.asked_at is '交办时间';
comment on column cases.task.limit_working_minutes is '时限(工作分钟)';
comment on column cases.task.half_at is '时限过半';
comment on column cases.task.most_at is '时限已用八成';
comment on column cases.task.due_at is '到期时间';
comment on column cases.task.urged is '催办等级';
comment on column cases.task.state is '状态';
comment on column cases.task.ended_at is '完成或撤销时间';
comment on column cases.task.ended_by is '完成或撤销人';
comment on column cases.task.ended_by_name is '完成或撤销人姓名';
comment on column cases.task.answer is '答复或异议';
comment on table cases.enquiry is '调查核实记录';
comment on column cases.enquiry.case_id is '办件';
comment on column cases.enquiry.number is '序号';
comment on column cases.enquiry.task_id is '所答任务(空:本环节)';
comment on column cases.enquiry.result is '结论:属实、部分属实、不属实';
comment on column cases.enquiry.findings is '调查情况';
comment on column cases.enquiry.people_met is '走访人员';
comment on column cases.enquiry.enquired_on is '调查日期';
comment on column cases.enquiry.scans is '调查笔录扫描件';
comment on column cases.enquiry.org_code is '调查单位';
comment on column cases.enquiry.recorded_at is '记录时间';
comment on column cases.enquiry.recorded_by is '记录人';
comment on column cases.enquiry.recorded_by_name is '记录人姓名';
