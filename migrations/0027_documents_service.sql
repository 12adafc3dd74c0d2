-- network: police
-- A right counts for the services that it names, and so for the papers that came from them.

alter table documents.document add column service_code text collate "C";
alter table documents.held_paper add column service_code text collate "C";
update documents.document d set service_code = c.service_code from cases.case_file c where c.case_id = d.case_id;
update documents.held_paper h set service_code = c.service_code from cases.case_file c where c.case_id = h.case_id;
alter table documents.document alter column service_code set not null;
alter table documents.held_paper alter column service_code set not null;

comment on column documents.document.service_code is '所属事项代码';
comment on column documents.held_paper.service_code is '所属事项代码';
