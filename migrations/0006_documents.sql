-- network: police
-- Papers that were issued: what they said when they were issued never changes.

create schema documents;
grant usage on schema documents to huzheng_app;

create table documents.document (
  document_id uuid constraint document_pkey primary key,
  kind text not null constraint document_kind check (kind in ('receipt', 'approval_notice', 'refusal_notice', 'non_acceptance_notice', 'correction_notice')),
  case_id uuid not null,
  case_event integer not null,
  title jsonb not null,
  issued_at timestamptz not null,
  issued_by_org text collate "C" not null,
  kept_by_org text collate "C" not null,
  sha256 text not null,
  bytes integer not null,
  content jsonb not null,
  -- One paper of a kind for one act: an event handled twice issues once.
  constraint document_once unique (case_id, kind, case_event)
);
alter table documents.document enable row level security;
create policy inside_jurisdiction on documents.document to huzheng_app using (
  (issued_by_org >= current_setting('huzheng.org_from', true) and issued_by_org < current_setting('huzheng.org_to', true))
  or (kept_by_org >= current_setting('huzheng.org_from', true) and kept_by_org < current_setting('huzheng.org_to', true))) with check (true);
grant select, insert on documents.document to huzheng_app;

comment on schema documents is '文书';
comment on table documents.document is '已出具的文书:只增不改';
comment on column documents.document.document_id is '文书编号';
comment on column documents.document.kind is '种类';
comment on column documents.document.case_id is '办件';
comment on column documents.document.case_event is '依据的办件轨迹序号';
comment on column documents.document.title is '标题';
comment on column documents.document.issued_at is '出具时间';
comment on column documents.document.issued_by_org is '出具单位';
comment on column documents.document.kept_by_org is '保管单位(承办派出所)';
comment on column documents.document.sha256 is '文件摘要';
comment on column documents.document.bytes is '字节数';
comment on column documents.document.content is '出具时的内容';
