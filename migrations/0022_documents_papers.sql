-- network: police
-- Every paper that a service gives out: numbered without gaps, verifiable by anybody, printed with a record, voided in
-- the open, and made again identically from what is kept here.

-- The names of papers are the catalogue's; what a name means is the template of that name.
alter table documents.document drop constraint document_kind;
alter table documents.document add constraint document_kind check (kind ~ '^[a-z][a-z_]{2,39}$');

alter table documents.document
  add column number text collate "C",
  add column verification_code text collate "C",
  -- Whose or which household's paper it is, where an act gives out several of a kind.
  add column subject_id uuid,
  add column person_ids uuid[] not null default '{}',
  -- The template as it was, kept beside the papers: a later edition never changes what was issued.
  add column template_sha256 text;

-- Papers issued before this file take the first numbers of their organ and year, in their order.
update documents.document d set
  number = n.number, verification_code = translate(upper(substr(replace(gen_random_uuid()::text, '-', ''), 1, 12)), 'ILOU', '1110'), template_sha256 = ''
from (
  select document_id, issued_by_org || '-' || to_char(issued_at at time zone 'Asia/Shanghai', 'YYYY') || '-'
    || lpad(row_number() over (partition by issued_by_org, date_part('year', issued_at at time zone 'Asia/Shanghai') order by issued_at, document_id)::text, 6, '0') as number
  from documents.document
) as n
where n.document_id = d.document_id;

alter table documents.document
  alter column number set not null, alter column verification_code set not null, alter column template_sha256 set not null,
  add constraint document_number_form check (number ~ '^[0-9A-Z]{12}-[0-9]{4}-[0-9]{6,}$'),
  add constraint document_number_once unique (number),
  add constraint document_code_form check (verification_code ~ '^[0-9A-HJKMNP-TV-Z]{12}$'),
  drop constraint document_once,
  -- One paper of a kind for one act and one subject: an event handled twice issues once.
  add constraint document_once unique nulls not distinct (case_id, kind, case_event, subject_id);

create table documents.number_counter (
  org_code text collate "C" not null,
  year integer not null,
  last integer not null constraint number_counter_counts check (last >= 0),
  constraint number_counter_pkey primary key (org_code, year)
);
insert into documents.number_counter (org_code, year, last)
select issued_by_org, substr(number, 14, 4)::integer, count(*) from documents.document group by 1, 2;

-- 文书编号: organ (12) - year (4) - sequence. Whoever takes a number holds the row until the paper is there or nothing
-- is, so numbers have no gaps.
create function documents.next_number(org text, year integer) returns text
language sql as $$
  insert into documents.number_counter as c (org_code, year, last) values (org, year, 1)
  on conflict on constraint number_counter_pkey do update set last = c.last + 1
  returning org_code || '-' || c.year || '-' || lpad(c.last::text, 6, '0')
$$;

-- A paper that cannot be printed yet, because a character of a name has no glyph in the fonts: nothing is left out in
-- silence. It waits here until the font is there.
create table documents.held_paper (
  held_paper_id uuid constraint held_paper_pkey primary key,
  kind text not null,
  case_id uuid not null,
  case_event integer not null,
  subject_id uuid,
  title jsonb not null,
  issued_by_org text collate "C" not null,
  kept_by_org text collate "C" not null,
  person_ids uuid[] not null,
  content jsonb not null,
  missing text[] not null constraint held_paper_misses_something check (cardinality(missing) > 0),
  held_at timestamptz not null,
  document_id uuid constraint held_paper_document references documents.document,
  constraint held_paper_once unique nulls not distinct (case_id, kind, case_event, subject_id)
);
create index held_paper_waiting on documents.held_paper (held_at, held_paper_id) where document_id is null;

create table documents.printing (
  printing_id uuid constraint printing_pkey primary key,
  document_id uuid not null constraint printing_document references documents.document,
  printed_at timestamptz not null,
  printed_by uuid not null,
  printed_by_name text not null,
  org_code text collate "C" not null,
  copies integer not null constraint printing_copies check (copies between 1 and 20)
);
create index printing_document on documents.printing (document_id, printed_at);

create table documents.voiding (
  document_id uuid constraint voiding_pkey primary key constraint voiding_document references documents.document,
  voided_at timestamptz not null,
  voided_by uuid,
  voided_by_name text not null,
  org_code text collate "C" not null,
  reason text not null constraint voiding_reason_length check (char_length(reason) between 2 and 500)
);

alter table documents.held_paper enable row level security;
create policy inside_jurisdiction on documents.held_paper to huzheng_app using (
  (issued_by_org >= current_setting('huzheng.org_from', true) and issued_by_org < current_setting('huzheng.org_to', true))
  or (kept_by_org >= current_setting('huzheng.org_from', true) and kept_by_org < current_setting('huzheng.org_to', true))) with check (true);
do $$
declare child text;
begin
  foreach child in array array['printing', 'voiding'] loop
    execute format('alter table documents.%I enable row level security', child);
    execute format('create policy with_its_document on documents.%I to huzheng_app using (exists (select 1 from documents.document d where d.document_id = %I.document_id)) with check (true)', child, child);
  end loop;
end $$;

grant select, insert, update on documents.number_counter to huzheng_app;
grant select, insert on documents.held_paper, documents.printing, documents.voiding to huzheng_app;
grant update (document_id, missing) on documents.held_paper to huzheng_app;

comment on column documents.document.number is '文书编号:机关 - 年份 - 顺序号,不跳号';
comment on column documents.document.verification_code is '验证码';
comment on column documents.document.subject_id is '对象(人员或户)';
comment on column documents.document.person_ids is '文书载明的人员';
comment on column documents.document.template_sha256 is '所用模板的摘要';
comment on table documents.number_counter is '文书编号顺序(按机关和年份)';
comment on column documents.number_counter.org_code is '机关';
comment on column documents.number_counter.year is '年份';
comment on column documents.number_counter.last is '末号';
comment on table documents.held_paper is '待补字库的文书:有字无字形,补齐后自动出具';
comment on column documents.held_paper.held_paper_id is '编号';
comment on column documents.held_paper.kind is '种类';
comment on column documents.held_paper.case_id is '办件';
comment on column documents.held_paper.case_event is '依据的办件轨迹序号';
comment on column documents.held_paper.subject_id is '对象(人员或户)';
comment on column documents.held_paper.title is '标题';
comment on column documents.held_paper.issued_by_org is '出具单位';
comment on column documents.held_paper.kept_by_org is '保管单位';
comment on column documents.held_paper.person_ids is '文书载明的人员';
comment on column documents.held_paper.content is '内容';
comment on column documents.held_paper.missing is '缺字形的字符(U+编码)';
comment on column documents.held_paper.held_at is '搁置时间';
comment on column documents.held_paper.document_id is '补齐后出具的文书';
comment on table documents.printing is '打印记录:只增不改';
comment on column documents.printing.printing_id is '编号';
comment on column documents.printing.document_id is '文书';
comment on column documents.printing.printed_at is '打印时间';
comment on column documents.printing.printed_by is '打印人';
comment on column documents.printing.printed_by_name is '打印人姓名';
comment on column documents.printing.org_code is '打印单位';
comment on column documents.printing.copies is '份数';
comment on table documents.voiding is '文书作废:只增不改';
comment on column documents.voiding.document_id is '文书';
comment on column documents.voiding.voided_at is '作废时间';
comment on column documents.voiding.voided_by is '作废人';
comment on column documents.voiding.voided_by_name is '作废人姓名';
comment on column documents.voiding.org_code is '作废单位';
comment on column documents.voiding.reason is '作废原因';
