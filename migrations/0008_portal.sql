-- network: internet
-- What citizens do on the outer side: drafts, files, applications as sent, what came back, messages to phones.
-- Answers and phone numbers lie sealed; the key is in a file of this network, not in its database.

create schema portal;
grant usage on schema portal to huzheng_app;

-- The second wall of the portal: a citizen sees the own rows. Parcels and jobs act as the system, whose range is everything.
create function portal.is_system() returns boolean
language sql stable as $$ select current_setting('huzheng.org_to', true) = '~' $$;

create function portal.guard_by_citizen(target regclass) returns void
language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('create policy own_rows on %s to huzheng_app using (
    citizen_id::text = current_setting(''huzheng.citizen'', true) or portal.is_system())', target);
end $$;

-- For rows that belong to an application: whoever sees the application sees them.
create function portal.guard_by_application(target regclass) returns void
language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('create policy own_application on %s to huzheng_app using (
    portal.is_system() or exists (select from portal.application as a where a.receipt_no = %s.receipt_no))', target, target);
end $$;

-- Applications ---------------------------------------------------------------------------------------

create table portal.draft (
  draft_id uuid constraint draft_pkey primary key,
  citizen_id uuid not null,
  service_code text not null,
  catalogue_version text not null,
  typed_sealed bytea not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  expires_at timestamptz not null,
  receipt_no text constraint draft_receipt_once unique
);
create index draft_citizen on portal.draft (citizen_id, updated_at desc);
create index draft_expires_at on portal.draft (expires_at);

create table portal.application (
  receipt_no text collate "C" constraint application_pkey primary key
    constraint application_receipt_form check (receipt_no ~ '^[0-9A-HJKMNP-TV-Z]{8}$'),
  draft_id uuid not null constraint application_draft_once unique,
  citizen_id uuid not null,
  service_code text not null,
  catalogue_version text not null,
  submitted_at timestamptz not null,
  typed_sealed bytea,
  withdrawal_asked_at timestamptz,
  discarded_at timestamptz,
  closed_at timestamptz
);
create index application_citizen on portal.application (citizen_id, submitted_at desc);
create index application_closed_at on portal.application (closed_at) where typed_sealed is not null;

create table portal.upload (
  upload_id uuid constraint upload_pkey primary key,
  citizen_id uuid not null,
  draft_id uuid,
  receipt_no text collate "C" constraint upload_application_exists references portal.application,
  correction_number integer,
  material_code text not null,
  sha256 text not null,
  media_type text not null constraint upload_media_type check (media_type in ('image/jpeg', 'image/png')),
  bytes integer not null constraint upload_bytes check (bytes > 0),
  file_name text not null constraint upload_file_name_length check (char_length(file_name) between 1 and 200),
  hint text constraint upload_hint_known check (hint in ('dark', 'blurred', 'small')),
  uploaded_at timestamptz not null,
  constraint upload_of_draft_or_correction check ((draft_id is null) = (receipt_no is not null) and (receipt_no is null) = (correction_number is null))
);
create index upload_draft on portal.upload (draft_id, upload_id) where draft_id is not null;
create index upload_correction on portal.upload (receipt_no, correction_number, upload_id) where receipt_no is not null;

-- What the police side said ---------------------------------------------------------------------------

create table portal.progress (
  receipt_no text collate "C" not null constraint progress_application_exists references portal.application,
  sequence integer not null,
  case_no text,
  state text not null constraint progress_state_known check (state in ('submitted', 'accepted', 'correction_needed', 'in_review', 'done', 'ended')),
  at timestamptz not null,
  text jsonb not null,
  holder text not null,
  due_on date,
  outcome text,
  reason jsonb,
  remedy jsonb,
  received_at timestamptz not null,
  constraint progress_pkey primary key (receipt_no, sequence)
);

create table portal.correction_list (
  receipt_no text collate "C" not null constraint correction_list_application_exists references portal.application,
  number integer not null,
  issued_at timestamptz not null,
  due_on date not null,
  items jsonb not null,
  typed_sealed bytea,
  answered_at timestamptz,
  constraint correction_list_pkey primary key (receipt_no, number)
);

create table portal.notice (
  document_id uuid constraint notice_pkey primary key,
  receipt_no text collate "C" not null constraint notice_application_exists references portal.application,
  title jsonb not null,
  issued_at timestamptz not null,
  sha256 text not null,
  file_name text not null
);
create index notice_application on portal.notice (receipt_no, issued_at);

-- The own record --------------------------------------------------------------------------------------

create table portal.ask (
  ask_id uuid constraint ask_pkey primary key,
  citizen_id uuid not null,
  what text not null constraint ask_what_known check (what in ('household', 'access_log')),
  asked_at timestamptz not null,
  answered_at timestamptz
);
create index ask_citizen on portal.ask (citizen_id, what, asked_at desc);

create table portal.record_answer (
  citizen_id uuid not null,
  what text not null constraint record_answer_what_known check (what in ('household', 'access_log')),
  asked_at timestamptz not null,
  answered_at timestamptz not null,
  is_found boolean not null,
  answer_sealed bytea not null,
  constraint record_answer_pkey primary key (citizen_id, what)
);

-- Messages to phones ----------------------------------------------------------------------------------

create table portal.message (
  message_id uuid constraint message_pkey primary key,
  receipt_no text collate "C",
  phone_sealed bytea not null,
  text_sealed bytea not null,
  state text not null constraint message_state_known check (state in ('queued', 'sent', 'delivered', 'failed')),
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  provider_reference text,
  last_error text,
  queued_at timestamptz not null,
  settled_at timestamptz,
  constraint message_waits_or_is_settled check ((next_attempt_at is null) = (state in ('delivered', 'failed')))
);
create index message_waiting on portal.message (next_attempt_at, message_id) where next_attempt_at is not null;

-- Rights ----------------------------------------------------------------------------------------------

select portal.guard_by_citizen('portal.draft');
select portal.guard_by_citizen('portal.application');
select portal.guard_by_citizen('portal.upload');
select portal.guard_by_citizen('portal.ask');
select portal.guard_by_citizen('portal.record_answer');
select portal.guard_by_application('portal.progress');
select portal.guard_by_application('portal.correction_list');
select portal.guard_by_application('portal.notice');
alter table portal.message enable row level security;
create policy system_only on portal.message to huzheng_app using (portal.is_system());

grant select, insert, update, delete on portal.draft, portal.upload, portal.record_answer, portal.ask, portal.message to huzheng_app;
grant select, insert, update on portal.application, portal.correction_list to huzheng_app;
-- What the police side said is only ever added to; an older word cannot overwrite a newer one.
grant select, insert on portal.progress, portal.notice to huzheng_app;

comment on schema portal is '群众门户:草稿、申请、进度、通知、短信';
comment on function portal.is_system() is '当前操作者是否为系统(交换包裹、后台任务)';
comment on function portal.guard_by_citizen(regclass) is '行级安全:群众只见自己的行';
comment on function portal.guard_by_application(regclass) is '行级安全:群众只见自己申请的行';
comment on table portal.draft is '草稿,保存 30 天';
comment on column portal.draft.draft_id is '草稿编号';
comment on column portal.draft.citizen_id is '群众编号';
comment on column portal.draft.service_code is '事项';
comment on column portal.draft.catalogue_version is '事项版本';
comment on column portal.draft.typed_sealed is '所填内容(加密)';
comment on column portal.draft.created_at is '建立时间';
comment on column portal.draft.updated_at is '最近保存时间';
comment on column portal.draft.expires_at is '到期删除时间';
comment on column portal.draft.receipt_no is '提交后的回执编号;同一草稿只提交一次';
comment on table portal.application is '已提交的申请';
comment on column portal.application.receipt_no is '回执编号,8 位,不含 I、L、O、U';
comment on column portal.application.draft_id is '来源草稿';
comment on column portal.application.citizen_id is '群众编号';
comment on column portal.application.service_code is '事项';
comment on column portal.application.catalogue_version is '事项版本';
comment on column portal.application.submitted_at is '提交时间';
comment on column portal.application.typed_sealed is '所填内容(加密),办结 7 天后清除';
comment on column portal.application.withdrawal_asked_at is '申请撤回时间';
comment on column portal.application.discarded_at is '包裹被对方作废的时间,须重新提交';
comment on column portal.application.closed_at is '办结时间';
comment on table portal.upload is '上传的材料图片(经重新编码,去除附带信息)';
comment on column portal.upload.upload_id is '上传编号';
comment on column portal.upload.citizen_id is '群众编号';
comment on column portal.upload.draft_id is '所属草稿';
comment on column portal.upload.receipt_no is '所属申请(补正时上传)';
comment on column portal.upload.correction_number is '第几次补正';
comment on column portal.upload.material_code is '材料代码';
comment on column portal.upload.sha256 is '文件摘要';
comment on column portal.upload.media_type is '类型';
comment on column portal.upload.bytes is '字节数';
comment on column portal.upload.file_name is '文件名';
comment on column portal.upload.hint is '拍摄提示:偏暗、模糊、太小;只提示,不拦截';
comment on column portal.upload.uploaded_at is '上传时间';
comment on table portal.progress is '办理进度,公安网送来,只增不改';
comment on column portal.progress.receipt_no is '回执编号';
comment on column portal.progress.sequence is '次序,最大的为现状';
comment on column portal.progress.case_no is '受理编号';
comment on column portal.progress.state is '状态';
comment on column portal.progress.at is '发生时间';
comment on column portal.progress.text is '说明';
comment on column portal.progress.holder is '现在在哪里';
comment on column portal.progress.due_on is '下一步期限';
comment on column portal.progress.outcome is '结果';
comment on column portal.progress.reason is '理由';
comment on column portal.progress.remedy is '救济途径';
comment on column portal.progress.received_at is '收到时间';
comment on table portal.correction_list is '补正清单,一次告知全部';
comment on column portal.correction_list.receipt_no is '回执编号';
comment on column portal.correction_list.number is '第几次';
comment on column portal.correction_list.issued_at is '告知时间';
comment on column portal.correction_list.due_on is '补正期限';
comment on column portal.correction_list.items is '各项';
comment on column portal.correction_list.typed_sealed is '补正所填内容(加密)';
comment on column portal.correction_list.answered_at is '提交补正时间';
comment on table portal.notice is '文书,可下载';
comment on column portal.notice.document_id is '文书编号';
comment on column portal.notice.receipt_no is '回执编号';
comment on column portal.notice.title is '名称';
comment on column portal.notice.issued_at is '出具时间';
comment on column portal.notice.sha256 is '文件摘要';
comment on column portal.notice.file_name is '文件名';
comment on table portal.ask is '群众向公安网查询本人信息的请求';
comment on column portal.ask.ask_id is '请求编号';
comment on column portal.ask.citizen_id is '群众编号';
comment on column portal.ask.what is '查询内容:本户登记、查阅记录';
comment on column portal.ask.asked_at is '请求时间';
comment on column portal.ask.answered_at is '收到答复时间';
comment on table portal.record_answer is '公安网对本人信息查询的最近一次答复,保存 30 天';
comment on column portal.record_answer.citizen_id is '群众编号';
comment on column portal.record_answer.what is '查询内容';
comment on column portal.record_answer.asked_at is '请求时间';
comment on column portal.record_answer.answered_at is '答复时间';
comment on column portal.record_answer.is_found is '姓名、号码与登记相符';
comment on column portal.record_answer.answer_sealed is '答复内容(加密)';
comment on table portal.message is '短信';
comment on column portal.message.message_id is '短信编号,网关据此去重';
comment on column portal.message.receipt_no is '所属申请';
comment on column portal.message.phone_sealed is '手机号(加密)';
comment on column portal.message.text_sealed is '内容(加密)';
comment on column portal.message.state is '状态:待发、已交网关、已送达、失败';
comment on column portal.message.attempts is '已尝试次数';
comment on column portal.message.next_attempt_at is '下次尝试或查询送达的时间';
comment on column portal.message.provider_reference is '网关编号';
comment on column portal.message.last_error is '最近错误';
comment on column portal.message.queued_at is '生成时间';
comment on column portal.message.settled_at is '送达或失败时间';
