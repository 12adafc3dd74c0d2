-- network: police
-- Cases 办件: what was asked, who must act next, what was decided and why.

create schema cases;
grant usage on schema cases to huzheng_app;

create table cases.case_file (
  case_id uuid constraint case_file_pkey primary key,
  case_no text collate "C" constraint case_no_once unique,
  receipt_no text collate "C" constraint case_receipt_once unique,
  service_code text collate "C" not null,
  catalogue_version text not null,
  channel text not null constraint case_channel check (channel in ('online', 'window', 'ex_officio')),
  state text not null constraint case_state check (state in (
    'submitted', 'supplement', 'in_review', 'suspended', 'executed', 'not_accepted', 'rejected', 'withdrawn', 'expired', 'terminated')),
  version integer not null default 1,
  step integer not null default 1,
  applicant_name text not null,
  applicant_id_number text collate "C" not null,
  applicant_phone text not null,
  applicant_identity_level integer not null,
  applicant_person_id uuid,
  answers jsonb not null,
  movers jsonb not null default '[]',
  target_org text collate "C" not null,
  target_address_id uuid,
  target_household_id uuid,
  origin_org text collate "C",
  waiting_org text collate "C",
  waiting_role text,
  waiting_act text,
  waiting_since timestamptz,
  step_due_at timestamptz,
  urged integer not null default 0,
  submitted_at timestamptz not null,
  accepted_at timestamptz,
  accepted_by uuid,
  approved_at timestamptz,
  due_at timestamptz,
  clock_stopped_at timestamptz,
  closed_at timestamptz,
  claimed_by uuid,
  claimed_name text,
  claimed_org text collate "C",
  claimed_phone text,
  claimed_until timestamptz,
  decision jsonb,
  suspension jsonb,
  effect jsonb
);
-- In the order in which a queue is worked through, so that its first page is not sorted out of the whole queue.
create index case_file_waiting on cases.case_file (waiting_org, waiting_role, coalesce(step_due_at, submitted_at), case_id) where waiting_org is not null;
create index case_file_closed on cases.case_file (coalesce(closed_at, submitted_at) desc, case_id desc) where closed_at is not null;
create index case_file_target on cases.case_file (target_org, submitted_at desc);
create index case_file_origin on cases.case_file (origin_org, submitted_at desc) where origin_org is not null;
create index case_file_resting on cases.case_file (state, target_org) where state in ('supplement', 'suspended');

create table cases.step (
  case_id uuid not null constraint step_case references cases.case_file,
  step integer not null,
  act text not null,
  role text not null,
  level text not null,
  org_code text collate "C" not null,
  label jsonb not null,
  limit_working_minutes integer not null,
  on_timeout text,
  state text not null constraint step_state check (state in ('waiting', 'active', 'done', 'returned', 'refused', 'objected', 'automatic', 'skipped')),
  arrived_at timestamptz,
  half_at timestamptz,
  most_at timestamptz,
  due_at timestamptz,
  urged integer not null default 0,
  done_at timestamptz,
  done_by uuid,
  done_by_name text,
  opinion text,
  constraint step_pkey primary key (case_id, step)
);
create index step_clock_half on cases.step (half_at) where state = 'active' and urged < 50;
create index step_clock_most on cases.step (most_at) where state = 'active' and urged < 80;
create index step_clock_due on cases.step (due_at) where state = 'active' and urged < 100;
create index step_confirmation_due on cases.step (due_at) where state = 'active' and on_timeout = 'confirm';

create table cases.case_event (
  case_id uuid not null constraint case_event_case references cases.case_file,
  sequence integer not null,
  at timestamptz not null,
  act text not null,
  actor_kind text not null,
  actor_id text,
  actor_name text,
  org_code text collate "C",
  post text,
  opinion text,
  detail jsonb not null default '{}',
  previous_hash text not null,
  hash text not null,
  constraint case_event_pkey primary key (case_id, sequence)
);

create table cases.party (
  case_id uuid not null constraint party_case references cases.case_file,
  person_id uuid not null,
  part text not null constraint party_part check (part in ('applicant', 'mover', 'subject', 'target_head', 'new_head')),
  constraint party_pkey primary key (case_id, person_id, part)
);
create index party_person on cases.party (person_id);

create table cases.material (
  case_id uuid not null constraint material_case references cases.case_file,
  code text not null,
  version integer not null,
  supplied_by text not null constraint material_supplied_by check (supplied_by in ('provided', 'commitment', 'certificate')),
  certificate_no text,
  attachments jsonb not null default '[]',
  supplied_at timestamptz not null,
  constraint material_pkey primary key (case_id, code, version)
);

create table cases.correction (
  case_id uuid not null constraint correction_case references cases.case_file,
  number integer not null,
  issued_at timestamptz not null,
  issued_by uuid not null,
  due_on date not null,
  items jsonb not null,
  new_fact text,
  answered_at timestamptz,
  constraint correction_pkey primary key (case_id, number),
  -- 行政许可法第三十二条: everything that is missing is told at once; a second list needs a new fact.
  constraint correction_told_once check (number = 1 or new_fact is not null)
);

create table cases.recheck (
  case_id uuid not null constraint recheck_case references cases.case_file,
  code text not null,
  due_on date not null,
  called_at timestamptz,
  done_at timestamptz,
  constraint recheck_pkey primary key (case_id, code)
);
create index recheck_waiting on cases.recheck (due_on) where called_at is null;

-- 依法冻结: known only by a document with a number and an end; it holds new moves of the person until then.
create table cases.lawful_hold (
  person_id uuid not null,
  case_id uuid not null constraint lawful_hold_case references cases.case_file,
  document_no text not null,
  until_at timestamptz not null,
  registered_by uuid not null,
  registered_at timestamptz not null,
  constraint lawful_hold_pkey primary key (person_id, document_no)
);

create table cases.message (
  message_id uuid constraint message_pkey primary key,
  org_code text collate "C" not null,
  at timestamptz not null,
  kind text not null,
  text jsonb not null,
  case_id uuid,
  case_no text,
  read_at timestamptz,
  read_by uuid
);
create index message_unit on cases.message (org_code, at desc);

create table cases.case_counter (
  org_code text collate "C" not null,
  day date not null,
  last integer not null,
  constraint case_counter_pkey primary key (org_code, day)
);

-- 业务编号: organisation (12) + day (8) + daily sequence (5).
create function cases.next_case_no(org text, day date) returns text
language sql as $$
  insert into cases.case_counter (org_code, day, last) values (org, day, 1)
  on conflict (org_code, day) do update set last = cases.case_counter.last + 1
  returning org_code || to_char(day, 'YYYYMMDD') || lpad(last::text, 5, '0')
$$;

-- One act on a case: the new state, its steps, its event in the chain, the parties, the messages to units.
create function cases.record_act(p jsonb, moment timestamptz) returns integer
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
    state = after.state, version = before.version + 1, step = after.step, answers = after.answers, movers = after.movers, applicant_person_id = after.applicant_person_id, applicant_phone = after.applicant_phone,
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

-- Opens a case with its first event, parties and materials.
create function cases.open_case(p jsonb, moment timestamptz) returns table (case_no text, version integer)
language plpgsql as $$
declare
  row cases.case_file := jsonb_populate_record(null::cases.case_file, p -> 'case');
begin
  row.case_no := cases.next_case_no(row.target_org, (moment at time zone 'Asia/Shanghai')::date);
  row.version := 0;
  row.submitted_at := coalesce(row.submitted_at, moment);
  row.urged := 0;
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

-- Whether the chain of a case is whole: every hash is recomputed.
create function cases.chain_intact(of_case uuid) returns boolean
language sql stable as $$
  select coalesce(bool_and(ok), false) from (
    select e.sequence = row_number() over w
       and e.previous_hash = coalesce(lag(e.hash) over w, '')
       and e.hash = encode(sha256(convert_to(concat_ws(e'\n', e.previous_hash, e.case_id, e.sequence, extract(epoch from e.at)::text, e.act, e.actor_kind, e.actor_id, e.org_code, e.opinion, e.detail::text), 'UTF8')), 'hex') as ok
    from cases.case_event e where e.case_id = of_case window w as (order by e.sequence)
  ) as links
$$;

-- The second wall: a case is seen by the units of its destination and, once accepted, of its origin.
alter table cases.case_file enable row level security;
create policy inside_jurisdiction on cases.case_file to huzheng_app using (
  (target_org >= current_setting('huzheng.org_from', true) and target_org < current_setting('huzheng.org_to', true))
  or (accepted_at is not null and origin_org >= current_setting('huzheng.org_from', true) and origin_org < current_setting('huzheng.org_to', true)))
  with check (true);
alter table cases.message enable row level security;
create policy own_unit on cases.message to huzheng_app using (
  org_code >= current_setting('huzheng.org_from', true) and org_code < current_setting('huzheng.org_to', true)) with check (true);
do $$
declare child text;
begin
  foreach child in array array['step', 'case_event', 'party', 'material', 'correction', 'recheck'] loop
    execute format('alter table cases.%I enable row level security', child);
    execute format('create policy with_its_case on cases.%I to huzheng_app using (exists (select 1 from cases.case_file c where c.case_id = %I.case_id)) with check (true)', child, child);
  end loop;
end $$;

grant select, insert, update on cases.case_file, cases.step, cases.correction, cases.recheck, cases.case_counter to huzheng_app;
grant select, insert on cases.case_event, cases.party, cases.material, cases.message, cases.lawful_hold to huzheng_app;
-- A hold is told to whoever handles the person, wherever the hold was registered: it has no row security of its own.
grant update (read_at, read_by) on cases.message to huzheng_app;

comment on schema cases is '办件审批';
comment on table cases.case_file is '办件';
comment on column cases.case_file.case_id is '办件内部编号';
comment on column cases.case_file.case_no is '业务编号(25 位)';
comment on column cases.case_file.receipt_no is '网上回执号(8 位)';
comment on column cases.case_file.service_code is '事项代码';
comment on column cases.case_file.catalogue_version is '事项目录版本(终身不变)';
comment on column cases.case_file.channel is '申请渠道';
comment on column cases.case_file.state is '办件状态';
comment on column cases.case_file.version is '版本:每办一步加一';
comment on column cases.case_file.step is '当前环节';
comment on column cases.case_file.applicant_name is '申请人姓名';
comment on column cases.case_file.applicant_id_number is '申请人公民身份号码';
comment on column cases.case_file.applicant_phone is '申请人联系电话';
comment on column cases.case_file.applicant_identity_level is '实名等级';
comment on column cases.case_file.applicant_person_id is '申请人(登记人员)';
comment on column cases.case_file.answers is '申报内容';
comment on column cases.case_file.movers is '当事人(含户口核对结果)';
comment on column cases.case_file.target_org is '迁入地(承办)派出所';
comment on column cases.case_file.target_address_id is '迁入地址';
comment on column cases.case_file.target_household_id is '迁入户';
comment on column cases.case_file.origin_org is '迁出地派出所';
comment on column cases.case_file.waiting_org is '待办单位';
comment on column cases.case_file.waiting_role is '待办岗位';
comment on column cases.case_file.waiting_act is '待办动作';
comment on column cases.case_file.waiting_since is '到件时间';
comment on column cases.case_file.step_due_at is '环节时限';
comment on column cases.case_file.urged is '催办等级';
comment on column cases.case_file.submitted_at is '提交时间';
comment on column cases.case_file.accepted_at is '受理时间';
comment on column cases.case_file.accepted_by is '受理人';
comment on column cases.case_file.approved_at is '审批时间';
comment on column cases.case_file.due_at is '承诺办结时间';
comment on column cases.case_file.clock_stopped_at is '时限中止起点';
comment on column cases.case_file.closed_at is '办结时间';
comment on column cases.case_file.claimed_by is '领办人';
comment on column cases.case_file.claimed_name is '领办人姓名';
comment on column cases.case_file.claimed_org is '领办单位';
comment on column cases.case_file.claimed_phone is '领办人电话';
comment on column cases.case_file.claimed_until is '领办有效期';
comment on column cases.case_file.decision is '决定与理由';
comment on column cases.case_file.suspension is '中止情况';
comment on column cases.case_file.effect is '登记结果';
comment on table cases.step is '办件环节';
comment on column cases.step.case_id is '办件';
comment on column cases.step.step is '序号';
comment on column cases.step.act is '动作';
comment on column cases.step.role is '岗位';
comment on column cases.step.level is '层级';
comment on column cases.step.org_code is '单位';
comment on column cases.step.label is '环节名称';
comment on column cases.step.limit_working_minutes is '时限(工作分钟)';
comment on column cases.step.on_timeout is '逾期处理';
comment on column cases.step.state is '环节状态';
comment on column cases.step.arrived_at is '到达时间';
comment on column cases.step.half_at is '时限过半时刻';
comment on column cases.step.most_at is '时限八成时刻';
comment on column cases.step.due_at is '到期时刻';
comment on column cases.step.urged is '已催办等级(50/80/100)';
comment on column cases.step.done_at is '完成时间';
comment on column cases.step.done_by is '办理人';
comment on column cases.step.done_by_name is '办理人姓名';
comment on column cases.step.opinion is '意见';
comment on table cases.case_event is '办件轨迹:只增不改,逐条链接';
comment on column cases.case_event.case_id is '办件';
comment on column cases.case_event.sequence is '序号';
comment on column cases.case_event.at is '时间';
comment on column cases.case_event.act is '动作';
comment on column cases.case_event.actor_kind is '操作者类别';
comment on column cases.case_event.actor_id is '操作者';
comment on column cases.case_event.actor_name is '姓名';
comment on column cases.case_event.org_code is '单位';
comment on column cases.case_event.post is '岗位';
comment on column cases.case_event.opinion is '意见';
comment on column cases.case_event.detail is '内容';
comment on column cases.case_event.previous_hash is '上一条摘要';
comment on column cases.case_event.hash is '本条摘要';
comment on table cases.party is '办件当事人';
comment on column cases.party.case_id is '办件';
comment on column cases.party.person_id is '人员';
comment on column cases.party.part is '身份';
comment on table cases.material is '办件材料(每次补交为新版本)';
comment on column cases.material.case_id is '办件';
comment on column cases.material.code is '材料代码';
comment on column cases.material.version is '版本';
comment on column cases.material.supplied_by is '提供方式';
comment on column cases.material.certificate_no is '证照编号';
comment on column cases.material.attachments is '附件';
comment on column cases.material.supplied_at is '提供时间';
comment on table cases.correction is '一次性告知(补正清单)';
comment on column cases.correction.case_id is '办件';
comment on column cases.correction.number is '次数';
comment on column cases.correction.issued_at is '告知时间';
comment on column cases.correction.issued_by is '告知人';
comment on column cases.correction.due_on is '补正期限';
comment on column cases.correction.items is '补正内容';
comment on column cases.correction.new_fact is '再次告知的新事实';
comment on column cases.correction.answered_at is '补正时间';
comment on table cases.recheck is '承诺事后核查';
comment on column cases.recheck.case_id is '办件';
comment on column cases.recheck.code is '承诺的材料';
comment on column cases.recheck.due_on is '核查期限';
comment on column cases.recheck.called_at is '提醒时间';
comment on column cases.recheck.done_at is '完成时间';
comment on table cases.lawful_hold is '依法冻结(凭文书、有期限)';
comment on column cases.lawful_hold.person_id is '人员';
comment on column cases.lawful_hold.case_id is '提出异议的办件';
comment on column cases.lawful_hold.document_no is '法律文书编号';
comment on column cases.lawful_hold.until_at is '截止时间';
comment on column cases.lawful_hold.registered_by is '登记人';
comment on column cases.lawful_hold.registered_at is '登记时间';
comment on table cases.message is '发给单位的消息';
comment on column cases.message.message_id is '消息编号';
comment on column cases.message.org_code is '单位';
comment on column cases.message.at is '时间';
comment on column cases.message.kind is '类别';
comment on column cases.message.text is '内容';
comment on column cases.message.case_id is '办件';
comment on column cases.message.case_no is '业务编号';
comment on column cases.message.read_at is '阅读时间';
comment on column cases.message.read_by is '阅读人';
comment on table cases.case_counter is '业务编号日序';
comment on column cases.case_counter.org_code is '单位';
comment on column cases.case_counter.day is '日期';
comment on column cases.case_counter.last is '末号';
