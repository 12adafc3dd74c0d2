-- network: police
-- Originals seen at the counter and their scans; which scan was opened by whom; what became of written commitments.

-- `original`: the officer has held the paper in hand (scans may lie with it); `provided`: pictures alone.
alter table cases.material drop constraint material_supplied_by;
alter table cases.material add constraint material_supplied_by check (supplied_by in ('provided', 'original', 'commitment', 'certificate'));

-- Nobody agrees to what he has not looked at: opening a scan leaves a line, and agreeing asks for them.
create table cases.attachment_opened (
  case_id uuid not null constraint attachment_opened_case references cases.case_file,
  officer_id uuid not null,
  sha256 text collate "C" not null,
  opened_at timestamptz not null,
  constraint attachment_opened_pkey primary key (case_id, officer_id, sha256)
);

-- 国办发〔2020〕42号: what was promised in writing is checked, and the result stays with the case.
alter table cases.recheck
  add column result text constraint recheck_result check (result in ('kept', 'broken')),
  add column evidence text,
  add column done_by uuid,
  add column done_by_name text,
  add constraint recheck_done_whole check (
    (done_at is null) = (result is null) and (result is null) = (evidence is null) and (result is null) = (done_by is null) and (result is null) = (done_by_name is null));
create index recheck_open on cases.recheck (due_on, case_id, code) where done_at is null;

-- Who broke a written commitment may make none for a time, in the territory where it was broken. Nothing else is kept about the person.
create table cases.commitment_bar (
  person_id uuid not null,
  case_id uuid not null constraint commitment_bar_case references cases.case_file,
  code text not null,
  territory text collate "C" not null,
  from_on date not null,
  until_on date not null,
  constraint commitment_bar_pkey primary key (person_id, case_id, code),
  constraint commitment_bar_lasts check (until_on > from_on)
);

alter table cases.attachment_opened enable row level security;
create policy with_its_case on cases.attachment_opened to huzheng_app using (exists (select 1 from cases.case_file c where c.case_id = attachment_opened.case_id)) with check (true);
-- A bar is told to whoever handles an application of the person, wherever it was set: like a lawful hold it has no row security of its own.
grant select, insert on cases.attachment_opened, cases.commitment_bar to huzheng_app;

comment on column cases.material.supplied_by is '提交方式:图片、窗口查验原件、承诺、证照';
comment on table cases.attachment_opened is '材料扫描件查看记录';
comment on column cases.attachment_opened.case_id is '办件';
comment on column cases.attachment_opened.officer_id is '查看人';
comment on column cases.attachment_opened.sha256 is '文件摘要';
comment on column cases.attachment_opened.opened_at is '首次查看时间';
comment on column cases.recheck.result is '核查结果:属实、不实';
comment on column cases.recheck.evidence is '核查依据';
comment on column cases.recheck.done_by is '核查人';
comment on column cases.recheck.done_by_name is '核查人姓名';
comment on table cases.commitment_bar is '承诺不实,一段时间内不适用告知承诺';
comment on column cases.commitment_bar.person_id is '承诺人';
comment on column cases.commitment_bar.case_id is '承诺不实的办件';
comment on column cases.commitment_bar.code is '材料代码';
comment on column cases.commitment_bar.territory is '适用地域:单位代码前段';
comment on column cases.commitment_bar.from_on is '起始日期';
comment on column cases.commitment_bar.until_on is '截止日期(不含)';
