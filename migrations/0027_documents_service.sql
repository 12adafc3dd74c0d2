-- network: police
-- A right counts for the services that it names, and so for the papers that came from them. Papers from before name
-- none: only a right for every service covers them.

alter table documents.document add column service_code text collate "C" not null default '';
alter table documents.held_paper add column service_code text collate "C" not null default '';
alter table documents.document alter column service_code drop default;
alter table documents.held_paper alter column service_code drop default;

comment on column documents.document.service_code is '所属事项代码';
comment on column documents.held_paper.service_code is '所属事项代码';
