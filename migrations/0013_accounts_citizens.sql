-- network: internet
-- Citizens who have signed in by the state identity service. What names a person lies sealed; the
-- key is in a file of this network, not in its database. The tables are read before it is known who
-- is calling, so they carry no row security; every query names one citizen.

create schema accounts;
grant usage on schema accounts to huzheng_app;

create table accounts.citizen (
  citizen_id uuid constraint citizen_pkey primary key,
  issuer text not null,
  subject text not null,
  name_sealed bytea not null,
  id_number_sealed bytea not null,
  id_number_digest text not null,
  phone_sealed bytea,
  identity_level smallint not null constraint citizen_identity_level check (identity_level between 1 and 4),
  first_seen_at timestamptz not null,
  last_signed_in_at timestamptz not null,
  constraint citizen_subject_once unique (issuer, subject)
);
create index citizen_id_number_digest on accounts.citizen (id_number_digest);

create table accounts.citizen_session (
  session_id uuid constraint citizen_session_pkey primary key,
  token_digest text not null constraint citizen_session_token_once unique,
  citizen_id uuid not null constraint citizen_session_citizen references accounts.citizen,
  identity_level smallint not null constraint citizen_session_identity_level check (identity_level between 1 and 4),
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz
);
create index citizen_session_citizen on accounts.citizen_session (citizen_id);
create index citizen_session_expires_at on accounts.citizen_session (expires_at);

grant select, insert, update on accounts.citizen to huzheng_app;
grant select, insert, update, delete on accounts.citizen_session to huzheng_app;

comment on schema accounts is '账户权限:群众登录';
comment on table accounts.citizen is '经国家身份认证登录的群众';
comment on column accounts.citizen.citizen_id is '群众编号';
comment on column accounts.citizen.issuer is '认证服务';
comment on column accounts.citizen.subject is '认证服务给出的主体标识';
comment on column accounts.citizen.name_sealed is '姓名(加密)';
comment on column accounts.citizen.id_number_sealed is '公民身份号码(加密)';
comment on column accounts.citizen.id_number_digest is '公民身份号码带钥摘要(只用于相等比对)';
comment on column accounts.citizen.phone_sealed is '手机号(加密)';
comment on column accounts.citizen.identity_level is '已达到的认证等级:1 手机、2 实名、3 实名实人、4 证书或芯片';
comment on column accounts.citizen.first_seen_at is '首次登录时间';
comment on column accounts.citizen.last_signed_in_at is '最近登录时间';
comment on table accounts.citizen_session is '群众会话';
comment on column accounts.citizen_session.session_id is '会话编号';
comment on column accounts.citizen_session.token_digest is '会话令牌摘要';
comment on column accounts.citizen_session.citizen_id is '群众编号';
comment on column accounts.citizen_session.identity_level is '本次登录的认证等级';
comment on column accounts.citizen_session.created_at is '登录时间';
comment on column accounts.citizen_session.last_seen_at is '最近活动时间';
comment on column accounts.citizen_session.expires_at is '最迟失效时间';
comment on column accounts.citizen_session.ended_at is '结束时间';
