-- network: police
-- What sources outside the register were asked and answered, and the opinions of other authorities. What is asked
-- is kept sealed while it is under way and forgotten when it is settled; the answer stays as evidence, about a keyed
-- digest of its subject.

create schema agencies;
grant usage on schema agencies to huzheng_app;

create table agencies.question (
  query_id uuid constraint question_pkey primary key,
  case_id uuid not null,
  org_code text collate "C" not null,
  source text not null,
  matter text not null,
  asked_for text not null,
  subject_digest text not null,
  contract text not null,
  sealed bytea,
  state text not null constraint question_state_known check (state in ('waiting', 'accepted', 'answered', 'given_up')),
  is_current boolean not null default true,
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  last_error text,
  created_at timestamptz not null,
  first_sent_at timestamptz,
  settled_at timestamptz,
  constraint question_waits_or_is_settled check ((next_attempt_at is null) = (state in ('answered', 'given_up')) and (settled_at is null) = (next_attempt_at is not null)),
  constraint question_forgets_what_is_settled check ((sealed is null) = (settled_at is not null))
);
create unique index question_once on agencies.question (case_id, source, matter, asked_for, subject_digest) where is_current;
create index question_due on agencies.question (next_attempt_at, query_id) where next_attempt_at is not null;
create index question_case on agencies.question (case_id);

create table agencies.answer (
  answer_id uuid constraint answer_pkey primary key,
  query_id uuid not null constraint answer_question references agencies.question,
  case_id uuid not null,
  org_code text collate "C" not null,
  source text not null,
  matter text not null,
  asked_for text not null,
  subject_digest text not null,
  answer text not null constraint answer_known check (answer in ('match', 'mismatch', 'not_found', 'unavailable')),
  differing text[] not null default '{}',
  reference text,
  contract text not null,
  asked_at timestamptz not null,
  answered_at timestamptz not null,
  constraint answer_differs_only_as_mismatch check ((answer = 'mismatch') = (differing <> '{}'))
);
-- A question is answered once; that its source could not be reached may have been noted before.
create unique index answer_once on agencies.answer (query_id) where answer <> 'unavailable';
create unique index answer_unavailable_once on agencies.answer (query_id) where answer = 'unavailable';
create index answer_case on agencies.answer (case_id, answered_at);

create table agencies.source_health (
  source text constraint source_health_pkey primary key,
  failures integer not null default 0,
  open_until timestamptz,
  last_answer_at timestamptz,
  last_failure_at timestamptz,
  last_error text
);

create table agencies.opinion (
  opinion_id uuid constraint opinion_pkey primary key,
  case_id uuid not null,
  org_code text collate "C" not null,
  agency text not null,
  stage text not null constraint opinion_stage_known check (stage in ('preliminary', 'approval')),
  subject_digest text not null,
  sealed bytea,
  supplement_sealed bytea,
  supplement_number integer not null default 0,
  status text not null constraint opinion_status_known check (status in ('sent', 'received', 'in_process', 'approved', 'refused', 'need_more', 'offline')),
  is_delivered boolean not null default false,
  document_no text,
  decided_on date,
  text text,
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  last_error text,
  requested_at timestamptz not null,
  requested_by text,
  status_at timestamptz not null,
  settled_at timestamptz,
  constraint opinion_waits_or_is_settled check ((next_attempt_at is null) = (settled_at is not null)),
  constraint opinion_settled_by_decision check ((settled_at is not null) = (status in ('approved', 'refused'))),
  constraint opinion_refusal_has_reason check (status <> 'refused' or text is not null),
  constraint opinion_approval_has_number check (status <> 'approved' or document_no is not null),
  constraint opinion_forgets_what_is_settled check (settled_at is null or (sealed is null and supplement_sealed is null))
);
create unique index opinion_once on agencies.opinion (case_id, agency, stage) where settled_at is null;
create index opinion_due on agencies.opinion (next_attempt_at, opinion_id) where next_attempt_at is not null;
create index opinion_case on agencies.opinion (case_id, requested_at);

create table agencies.opinion_change (
  opinion_id uuid not null constraint opinion_change_opinion references agencies.opinion,
  sequence integer not null,
  status text not null,
  text text,
  at timestamptz not null,
  constraint opinion_change_pkey primary key (opinion_id, sequence)
);

-- The second wall: rows belong to the office that asked. Whoever may open the case reads its answers with it, wherever
-- he sits: the wall is then the case's own, and the rows hold nothing personal.
select kernel.guard_by_station('agencies.question', 'org_code');
select kernel.guard_by_station('agencies.answer', 'org_code');
select kernel.guard_by_station('agencies.opinion', 'org_code');
alter table agencies.opinion_change enable row level security;
create policy with_its_opinion on agencies.opinion_change to huzheng_app
  using (exists (select from agencies.opinion as o where o.opinion_id = opinion_change.opinion_id)) with check (true);

create function agencies.answers_of_case(of_case uuid)
returns table (query_id uuid, source text, matter text, asked_for text, subject_digest text, contract text, question_state text, created_at timestamptz,
               answer text, differing text[], reference text, asked_at timestamptz, answered_at timestamptz)
language sql stable security definer set search_path = pg_catalog as $$
  select q.query_id, q.source, q.matter, q.asked_for, q.subject_digest, q.contract, q.state, q.created_at, a.answer, a.differing, a.reference, a.asked_at, a.answered_at
  from agencies.question as q
  left join lateral (
    select * from agencies.answer as a where a.query_id = q.query_id order by a.answer = 'unavailable', a.answered_at desc limit 1) as a on true
  where q.case_id = of_case and q.is_current
  order by q.created_at, q.query_id limit 200
$$;

create function agencies.opinions_of_case(of_case uuid)
returns table (opinion_id uuid, agency text, stage text, status text, document_no text, decided_on date, text text, requested_at timestamptz, status_at timestamptz)
language sql stable security definer set search_path = pg_catalog as $$
  select o.opinion_id, o.agency, o.stage, o.status, o.document_no, o.decided_on, o.text, o.requested_at, o.status_at
  from agencies.opinion as o where o.case_id = of_case order by o.requested_at, o.opinion_id limit 50
$$;
revoke execute on function agencies.answers_of_case(uuid), agencies.opinions_of_case(uuid) from public;
grant execute on function agencies.answers_of_case(uuid), agencies.opinions_of_case(uuid) to huzheng_app;

grant select, insert on agencies.question, agencies.answer, agencies.opinion, agencies.opinion_change, agencies.source_health to huzheng_app;
grant update (sealed, state, is_current, attempts, next_attempt_at, last_error, first_sent_at, settled_at) on agencies.question to huzheng_app;
grant update (sealed, supplement_sealed, supplement_number, status, is_delivered, document_no, decided_on, text, attempts, next_attempt_at, last_error, status_at, settled_at) on agencies.opinion to huzheng_app;
grant update (failures, open_until, last_answer_at, last_failure_at, last_error) on agencies.source_health to huzheng_app;

comment on schema agencies is '部门核验:外部数据源核验与部门意见';
comment on function agencies.answers_of_case(uuid) is '办件现行的核验问题及其答复;能打开办件者均可读取,不含个人信息';
comment on function agencies.opinions_of_case(uuid) is '办件的部门意见;能打开办件者均可读取';
comment on table agencies.question is '向外部数据源提出的核验问题';
comment on column agencies.question.query_id is '查询编号:重发不重复核验';
comment on column agencies.question.case_id is '办件';
comment on column agencies.question.org_code is '发起单位';
comment on column agencies.question.source is '数据源';
comment on column agencies.question.matter is '核验事项';
comment on column agencies.question.asked_for is '为何核验:材料代码或规则名称';
comment on column agencies.question.subject_digest is '核验内容的密钥摘要(不可还原)';
comment on column agencies.question.contract is '数据共享合同及版本';
comment on column agencies.question.sealed is '核验内容(加密),有结果后清除';
comment on column agencies.question.state is '状态:待发、对方已受理、已答复、已放弃';
comment on column agencies.question.is_current is '是否现行;申报内容更改后旧问题不再采用';
comment on column agencies.question.attempts is '已尝试次数';
comment on column agencies.question.next_attempt_at is '下次询问时间';
comment on column agencies.question.last_error is '最近错误';
comment on column agencies.question.created_at is '提出时间';
comment on column agencies.question.first_sent_at is '首次发出时间';
comment on column agencies.question.settled_at is '了结时间';
comment on table agencies.answer is '外部数据源的答复:只增不改';
comment on column agencies.answer.answer_id is '答复编号';
comment on column agencies.answer.query_id is '查询编号';
comment on column agencies.answer.case_id is '办件';
comment on column agencies.answer.org_code is '发起单位';
comment on column agencies.answer.source is '数据源';
comment on column agencies.answer.matter is '核验事项';
comment on column agencies.answer.asked_for is '为何核验:材料代码或规则名称';
comment on column agencies.answer.subject_digest is '核验内容的密钥摘要(不可还原)';
comment on column agencies.answer.answer is '答复:一致、不一致、查无、无法核验';
comment on column agencies.answer.differing is '不一致的项目名称';
comment on column agencies.answer.reference is '对方答复编号';
comment on column agencies.answer.contract is '数据共享合同及版本';
comment on column agencies.answer.asked_at is '询问时间';
comment on column agencies.answer.answered_at is '答复时间';
comment on table agencies.source_health is '数据源连通情况(熔断)';
comment on column agencies.source_health.source is '数据源';
comment on column agencies.source_health.failures is '连续失败次数';
comment on column agencies.source_health.open_until is '暂停询问至';
comment on column agencies.source_health.last_answer_at is '最近答复时间';
comment on column agencies.source_health.last_failure_at is '最近失败时间';
comment on column agencies.source_health.last_error is '最近错误';
comment on table agencies.opinion is '请其他部门出具的意见(联合审批)';
comment on column agencies.opinion.opinion_id is '意见编号:重发不重复请求';
comment on column agencies.opinion.case_id is '办件';
comment on column agencies.opinion.org_code is '请求单位';
comment on column agencies.opinion.agency is '部门';
comment on column agencies.opinion.stage is '阶段:初审、审批';
comment on column agencies.opinion.subject_digest is '所涉内容的密钥摘要(不可还原)';
comment on column agencies.opinion.sealed is '请求内容(加密),有结果后清除';
comment on column agencies.opinion.supplement_sealed is '待送的补充说明(加密)';
comment on column agencies.opinion.supplement_number is '补充次数';
comment on column agencies.opinion.status is '状态:已送、对方收到、办理中、同意、不同意、需补充、对方离线';
comment on column agencies.opinion.is_delivered is '对方是否已接收请求';
comment on column agencies.opinion.document_no is '意见文号';
comment on column agencies.opinion.decided_on is '意见日期';
comment on column agencies.opinion.text is '意见或理由';
comment on column agencies.opinion.attempts is '已尝试次数';
comment on column agencies.opinion.next_attempt_at is '下次询问时间';
comment on column agencies.opinion.last_error is '最近错误';
comment on column agencies.opinion.requested_at is '请求时间';
comment on column agencies.opinion.requested_by is '请求人';
comment on column agencies.opinion.status_at is '状态时间';
comment on column agencies.opinion.settled_at is '了结时间';
comment on table agencies.opinion_change is '部门意见的状态变化:只增不改';
comment on column agencies.opinion_change.opinion_id is '意见编号';
comment on column agencies.opinion_change.sequence is '次序';
comment on column agencies.opinion_change.status is '状态';
comment on column agencies.opinion_change.text is '说明';
comment on column agencies.opinion_change.at is '时间';
