-- network: police
-- Matters beside the fourteen categories are numbered E101 and on; rights name them like the rest.

alter table accounts.role_right drop constraint role_right_service_pattern;
alter table accounts.role_right add constraint role_right_service_pattern check (service_pattern ~ '^(\*|[0-9E][0-9]\*|[0-9E][0-9]{3})$');
comment on column accounts.role_right.service_pattern is '适用事项:* 全部,05* 一类,E1* 其他事项,0503 一项';
