-- network: internet
-- What anybody may ask of a paper: that it exists, what it is, which organ issued it and when, whether it still holds.
-- Nothing here names a person; the code itself is not here either, only a digest of it with the number.

create table portal.paper_mark (
  number text collate "C" constraint paper_mark_pkey primary key,
  code_sha256 text collate "C" not null constraint paper_mark_code_form check (code_sha256 ~ '^[0-9a-f]{64}$'),
  title jsonb not null,
  issued_by jsonb not null,
  issued_on date not null,
  sha256 text collate "C" not null,
  voided_on date,
  received_at timestamptz not null
);
create index paper_mark_file on portal.paper_mark (sha256) where voided_on is not null;

-- No row security: whoever holds number and code may ask, signed in or not, and the rows are about nobody.
grant select, insert, update (voided_on) on portal.paper_mark to huzheng_app;

comment on table portal.paper_mark is '文书核验:不含个人信息';
comment on column portal.paper_mark.number is '文书编号';
comment on column portal.paper_mark.code_sha256 is '编号与验证码的摘要';
comment on column portal.paper_mark.title is '文书名称';
comment on column portal.paper_mark.issued_by is '出具机关';
comment on column portal.paper_mark.issued_on is '出具日期';
comment on column portal.paper_mark.sha256 is '文件摘要';
comment on column portal.paper_mark.voided_on is '作废日期';
comment on column portal.paper_mark.received_at is '收到时间';
