-- network: both
-- What every module stands on: who did what, what was told, who was read.

do $$
begin
  if not exists (select 1 from pg_roles where rolname = 'huzheng_app') then
    create role huzheng_app nologin;
  end if;
  execute format('grant huzheng_app to %I', current_user);
end $$;

create extension if not exists btree_gist;
create extension if not exists btree_gin;
create extension if not exists pg_trgm;

create schema kernel;
grant usage on schema kernel to huzheng_app;

-- The moment of the act, given by the program's clock; the server's clock outside of acts.
create function kernel.moment() returns timestamptz
language sql stable as $$
  select coalesce(nullif(current_setting('huzheng.now', true), '')::timestamptz, now())
$$;

create function kernel.actor() returns text
language sql stable as $$ select nullif(current_setting('huzheng.actor', true), '') $$;

-- The case for which the register is being changed, or null.
create function kernel.case_id() returns uuid
language sql stable as $$ select nullif(current_setting('huzheng.case_id', true), '')::uuid $$;

create table kernel.audit_record (
  audit_id uuid constraint audit_record_pkey primary key,
  at timestamptz not null,
  actor_kind text not null constraint audit_actor_kind check (actor_kind in ('officer', 'citizen', 'system', 'anonymous')),
  actor_id text,
  org_code text collate "C",
  post text,
  operation text not null,
  case_id uuid,
  request_id text,
  request_key text,
  input_digest text,
  answer jsonb,
  detail jsonb not null default '{}'
);
create unique index audit_request_key_once on kernel.audit_record (actor_id, request_key) where request_key is not null;
create index audit_record_case on kernel.audit_record (case_id, at) where case_id is not null;
create index audit_record_at on kernel.audit_record using brin (at);

create table kernel.event (
  event_id uuid constraint event_pkey primary key,
  at timestamptz not null,
  name text not null,
  payload jsonb not null,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null,
  handled_at timestamptz,
  last_error text
);
create index event_waiting on kernel.event (next_attempt_at, event_id) where handled_at is null;

create table kernel.access_record (
  access_id uuid not null default gen_random_uuid(),
  at timestamptz not null,
  subject_id uuid not null,
  field_group text not null,
  actor_kind text not null,
  actor_id text,
  org_code text collate "C",
  post text,
  purpose text not null,
  purpose_note text,
  case_id uuid,
  operation text not null,
  constraint access_record_pkey primary key (access_id)
);
create index access_record_subject on kernel.access_record (subject_id, at desc);
create index access_record_actor on kernel.access_record (actor_id, at desc);

create table kernel.job_run (
  job text constraint job_run_pkey primary key,
  last_started_at timestamptz,
  last_finished_at timestamptz,
  last_error text,
  runs bigint not null default 0
);

-- Writes audit record, events and access records of one act in one statement.
create function kernel.record(record jsonb, moment timestamptz) returns void
language plpgsql as $$
declare
  actor jsonb := record -> 'actor';
  audit jsonb := record -> 'audit';
begin
  if jsonb_typeof(audit) = 'object' then
    insert into kernel.audit_record (audit_id, at, actor_kind, actor_id, org_code, post, operation, case_id, request_id, request_key, input_digest, answer, detail)
    values ((audit ->> 'audit_id')::uuid, moment, actor ->> 'kind', actor ->> 'id', actor ->> 'org_code', actor ->> 'post',
            audit ->> 'operation', (audit ->> 'case_id')::uuid, audit ->> 'request_id', audit ->> 'request_key', audit ->> 'input_digest',
            nullif(audit -> 'answer', 'null'::jsonb), audit -> 'detail');
  end if;
  if jsonb_array_length(record -> 'events') > 0 then
    insert into kernel.event (event_id, at, name, payload, next_attempt_at)
    select (e ->> 'event_id')::uuid, moment, e ->> 'name', e -> 'payload', moment
    from jsonb_array_elements(record -> 'events') as e;
  end if;
  if jsonb_array_length(record -> 'subjects') > 0 then
    insert into kernel.access_record (at, subject_id, field_group, actor_kind, actor_id, org_code, post, purpose, purpose_note, case_id, operation)
    select moment, (s ->> 'subject_id')::uuid, s ->> 'field_group', actor ->> 'kind', actor ->> 'id', actor ->> 'org_code', actor ->> 'post',
           record #>> '{purpose,code}', record #>> '{purpose,note}', (record #>> '{purpose,case_id}')::uuid, record ->> 'operation'
    from jsonb_array_elements(record -> 'subjects') as s;
  end if;
end $$;

-- Evidence is only ever added (append-only by grants).
grant select, insert on kernel.audit_record, kernel.access_record to huzheng_app;
grant select, insert on kernel.event to huzheng_app;
grant update (attempts, next_attempt_at, handled_at, last_error) on kernel.event to huzheng_app;
grant select, insert, update on kernel.job_run to huzheng_app;

-- Attaches the second wall to a table: rows are seen only inside the jurisdiction of the actor.
create function kernel.guard_by_station(target regclass, station_column name) returns void
language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('create policy inside_jurisdiction on %s to huzheng_app using (
    %I >= current_setting(''huzheng.org_from'', true) and %I < current_setting(''huzheng.org_to'', true))
    with check (true)', target, station_column, station_column);
end $$;

comment on schema kernel is '内核:审计、事件、查阅记录';
comment on table kernel.audit_record is '审计记录:每一次写操作一条,只增不改';
comment on column kernel.audit_record.audit_id is '审计编号';
comment on column kernel.audit_record.at is '时间';
comment on column kernel.audit_record.actor_kind is '操作者类别';
comment on column kernel.audit_record.actor_id is '操作者编号';
comment on column kernel.audit_record.org_code is '操作单位';
comment on column kernel.audit_record.post is '操作岗位';
comment on column kernel.audit_record.operation is '操作名称';
comment on column kernel.audit_record.case_id is '所属办件';
comment on column kernel.audit_record.request_id is '请求编号';
comment on column kernel.audit_record.request_key is '客户端请求键:重复提交只办一次';
comment on column kernel.audit_record.input_digest is '输入摘要';
comment on column kernel.audit_record.answer is '答复(用于重复请求)';
comment on column kernel.audit_record.detail is '补充说明';
comment on table kernel.event is '事件:同一事务写入,由后台任务分发';
comment on column kernel.event.event_id is '事件编号';
comment on column kernel.event.at is '发生时间';
comment on column kernel.event.name is '事件名称';
comment on column kernel.event.payload is '内容';
comment on column kernel.event.attempts is '已尝试次数';
comment on column kernel.event.next_attempt_at is '下次尝试时间';
comment on column kernel.event.handled_at is '处理完成时间';
comment on column kernel.event.last_error is '最近一次错误';
comment on table kernel.access_record is '查阅记录:谁在何时因何查看了谁';
comment on column kernel.access_record.access_id is '查阅编号';
comment on column kernel.access_record.at is '时间';
comment on column kernel.access_record.subject_id is '被查阅人';
comment on column kernel.access_record.field_group is '查阅内容类别';
comment on column kernel.access_record.actor_kind is '查阅者类别';
comment on column kernel.access_record.actor_id is '查阅者编号';
comment on column kernel.access_record.org_code is '查阅单位';
comment on column kernel.access_record.post is '查阅岗位';
comment on column kernel.access_record.purpose is '用途';
comment on column kernel.access_record.purpose_note is '用途说明';
comment on column kernel.access_record.case_id is '所属办件';
comment on column kernel.access_record.operation is '操作名称';
comment on table kernel.job_run is '后台任务运行情况';
comment on column kernel.job_run.job is '任务名称';
comment on column kernel.job_run.last_started_at is '最近开始时间';
comment on column kernel.job_run.last_finished_at is '最近完成时间';
comment on column kernel.job_run.last_error is '最近错误';
comment on column kernel.job_run.runs is '运行次数';
