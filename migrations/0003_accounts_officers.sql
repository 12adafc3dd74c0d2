-- network: police
-- Officers, their posts and what a post may do. Rights hang on the post: they end when it ends.
-- These tables are read before it is known who is calling, so they carry no row security; what an
-- administrator sees of them is bounded by organisation in each query.

create schema accounts;
grant usage on schema accounts to huzheng_app;

create table accounts.role (
  role text constraint role_pkey primary key,
  label_zh text not null,
  label_en text not null,
  level text not null constraint role_level check (level in ('STATION', 'COUNTY', 'PREFECTURE', 'PROVINCE', 'SYSTEM')),
  duty text not null constraint role_duty check (duty in ('business', 'system', 'security', 'audit')),
  kinds text[] not null constraint role_kinds check (cardinality(kinds) > 0 and kinds <@ array['police', 'auxiliary']),
  version uuid not null default gen_random_uuid(),
  constraint role_duty_known unique (role, duty)
);

create table accounts.role_right (
  role text not null constraint role_right_role references accounts.role,
  act text not null constraint role_right_act check (act ~ '^[a-z]+\.[a-z_]+$'),
  service_pattern text not null constraint role_right_service_pattern check (service_pattern ~ '^(\*|[0-9]{2}\*|[0-9]{4})$'),
  level text not null constraint role_right_level check (level in ('STATION', 'COUNTY', 'PREFECTURE', 'PROVINCE', 'SYSTEM')),
  valid_from date not null,
  valid_to date,
  constraint role_right_pkey primary key (role, act, service_pattern, valid_from),
  constraint role_right_days check (valid_to is null or valid_to >= valid_from)
);

-- Programs keep the rights of a role by its version; any change makes them read it again.
create function accounts.renew_role_version() returns trigger
language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    update accounts.role set version = gen_random_uuid() where role in (select role from new_rights);
  elsif tg_op = 'DELETE' then
    update accounts.role set version = gen_random_uuid() where role in (select role from old_rights);
  else
    update accounts.role set version = gen_random_uuid() where role in (select role from new_rights union select role from old_rights);
  end if;
  return null;
end $$;
create trigger renew_version_after_insert after insert on accounts.role_right
  referencing new table as new_rights for each statement execute function accounts.renew_role_version();
create trigger renew_version_after_update after update on accounts.role_right
  referencing old table as old_rights new table as new_rights for each statement execute function accounts.renew_role_version();
create trigger renew_version_after_delete after delete on accounts.role_right
  referencing old table as old_rights for each statement execute function accounts.renew_role_version();

create table accounts.officer (
  officer_id uuid constraint officer_pkey primary key,
  police_number text not null constraint officer_police_number_once unique
    constraint officer_police_number check (police_number ~ '^[0-9A-Z]{4,12}$'),
  name text not null,
  kind text not null constraint officer_kind check (kind in ('police', 'auxiliary')),
  phone text,
  org_code text collate "C" not null,
  status text not null constraint officer_status check (status in ('enrolling', 'active', 'left')),
  enrolment_digest text,
  enrolment_expires_at timestamptz,
  password_hash text,
  totp_sealed bytea,
  totp_last_step bigint not null default 0,
  registered_at timestamptz not null,
  registered_by text,
  left_at timestamptz,
  left_by text,
  constraint officer_active_has_password check (status <> 'active' or password_hash is not null)
);
create index officer_org on accounts.officer (org_code, police_number);

create table accounts.passkey (
  credential_id text constraint passkey_pkey primary key,
  officer_id uuid not null constraint passkey_officer references accounts.officer,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null default '{}',
  label text not null,
  added_at timestamptz not null,
  last_used_at timestamptz
);
create index passkey_officer on accounts.passkey (officer_id);

create table accounts.client_certificate (
  fingerprint text constraint client_certificate_pkey primary key
    constraint client_certificate_fingerprint check (fingerprint ~ '^[0-9a-f]{64}$'),
  officer_id uuid not null constraint client_certificate_officer references accounts.officer,
  subject text not null,
  valid_from timestamptz not null,
  valid_to timestamptz not null,
  added_at timestamptz not null,
  added_by text,
  revoked_at timestamptz,
  revoked_by text
);
create index client_certificate_officer on accounts.client_certificate (officer_id);

create table accounts.post (
  post_id uuid constraint post_pkey primary key,
  officer_id uuid not null constraint post_officer references accounts.officer,
  role text not null,
  duty text not null,
  org_code text collate "C" not null,
  valid_from date not null,
  valid_to date,
  document_no text,
  assigned_at timestamptz not null,
  assigned_by text,
  ended_at timestamptz,
  ended_by text,
  constraint post_role foreign key (role, duty) references accounts.role (role, duty) on update cascade,
  constraint post_days check (valid_to is null or valid_to >= valid_from),
  constraint post_once exclude using gist (officer_id with =, role with =, org_code with =, daterange(valid_from, valid_to) with &&),
  -- System, security and audit administrators are three different persons without business rights (GB/T 22239, level 3).
  constraint post_duties_apart exclude using gist (officer_id with =, duty with <>, daterange(valid_from, valid_to) with &&)
);
create index post_org on accounts.post (org_code, role);

create table accounts.leave_cover (
  cover_id uuid constraint leave_cover_pkey primary key,
  post_id uuid not null constraint leave_cover_post references accounts.post,
  officer_id uuid not null constraint leave_cover_officer references accounts.officer,
  valid_from date not null,
  valid_to date not null,
  document_no text not null,
  granted_at timestamptz not null,
  granted_by text,
  ended_at timestamptz,
  ended_by text,
  constraint leave_cover_days check (valid_to >= valid_from),
  constraint leave_cover_once exclude using gist (post_id with =, officer_id with =, daterange(valid_from, valid_to) with &&)
);
create index leave_cover_officer on accounts.leave_cover (officer_id);

create table accounts.sign_in_attempt (
  attempt_id uuid constraint sign_in_attempt_pkey primary key,
  at timestamptz not null,
  account_digest text not null,
  lane text not null,
  ip text not null,
  succeeded boolean not null
);
create index sign_in_attempt_lane on accounts.sign_in_attempt (account_digest, lane, at desc);
create index sign_in_attempt_at on accounts.sign_in_attempt (at);

create table accounts.sign_in_challenge (
  challenge_digest text constraint sign_in_challenge_pkey primary key,
  officer_id uuid not null constraint sign_in_challenge_officer references accounts.officer,
  lane text not null,
  passkey_challenge text,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index sign_in_challenge_expires_at on accounts.sign_in_challenge (expires_at);

create table accounts.officer_session (
  session_id uuid constraint officer_session_pkey primary key,
  token_digest text not null constraint officer_session_token_once unique,
  officer_id uuid not null constraint officer_session_officer references accounts.officer,
  post_id uuid not null constraint officer_session_post references accounts.post,
  second_factor text not null constraint officer_session_second_factor check (second_factor in ('code', 'passkey', 'certificate')),
  created_at timestamptz not null,
  verified_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  passkey_challenge text,
  ip text not null,
  user_agent text not null,
  ended_at timestamptz,
  ended_reason text constraint officer_session_ended_reason check (ended_reason in ('signed_out', 'signed_in_elsewhere', 'post_ended', 'credentials_renewed', 'left'))
);
-- One officer works in one place at a time.
create unique index officer_session_one on accounts.officer_session (officer_id) where ended_at is null;
create index officer_session_post on accounts.officer_session (post_id) where ended_at is null;

-- What was done, as audit administrators read it: never the answer that was given.
create view accounts.audit_trail as
  select audit_id, at, actor_kind, actor_id, org_code, post, operation, case_id, request_id, input_digest, detail
  from kernel.audit_record;

grant select on accounts.role, accounts.role_right, accounts.audit_trail to huzheng_app;
grant select, insert, update on accounts.officer, accounts.client_certificate, accounts.post, accounts.leave_cover, accounts.officer_session to huzheng_app;
grant select, insert, update, delete on accounts.passkey to huzheng_app;
grant select, insert, delete on accounts.sign_in_attempt to huzheng_app;
grant select, insert, update, delete on accounts.sign_in_challenge to huzheng_app;

comment on schema accounts is '账户权限:民警、岗位、权限与登录';
comment on table accounts.role is '岗位角色:由事项目录载入,程序只读';
comment on column accounts.role.role is '角色代码';
comment on column accounts.role.label_zh is '中文名称';
comment on column accounts.role.label_en is '英文名称';
comment on column accounts.role.level is '所属层级;SYSTEM 表示各级均可设';
comment on column accounts.role.duty is '职责类别:业务、系统管理、安全管理、审计管理';
comment on column accounts.role.kinds is '可任职人员类别:民警、辅警';
comment on column accounts.role.version is '权限版本:权限一变即更换';
comment on table accounts.role_right is '角色权限:角色 × 事项 × 操作 × 层级,有起止日期';
comment on column accounts.role_right.role is '角色代码';
comment on column accounts.role_right.act is '操作名称';
comment on column accounts.role_right.service_pattern is '适用事项:* 全部,05* 一类,0503 一项';
comment on column accounts.role_right.level is '行使层级';
comment on column accounts.role_right.valid_from is '起始日期';
comment on column accounts.role_right.valid_to is '终止日期(不含当日)';
comment on table accounts.officer is '民警与辅警账户';
comment on column accounts.officer.officer_id is '人员编号';
comment on column accounts.officer.police_number is '警号(辅警编号)';
comment on column accounts.officer.name is '姓名';
comment on column accounts.officer.kind is '人员类别:民警、辅警';
comment on column accounts.officer.phone is '联系电话';
comment on column accounts.officer.org_code is '所属单位';
comment on column accounts.officer.status is '状态:待启用、在职、离职';
comment on column accounts.officer.enrolment_digest is '启用码摘要';
comment on column accounts.officer.enrolment_expires_at is '启用码失效时间';
comment on column accounts.officer.password_hash is '口令散列(argon2id)';
comment on column accounts.officer.totp_sealed is '动态口令密钥(加密)';
comment on column accounts.officer.totp_last_step is '最近一次使用的动态口令时间步:同一口令不得再用';
comment on column accounts.officer.registered_at is '建户时间';
comment on column accounts.officer.registered_by is '建户人';
comment on column accounts.officer.left_at is '离职时间';
comment on column accounts.officer.left_by is '离职登记人';
comment on table accounts.passkey is '通行密钥(WebAuthn)';
comment on column accounts.passkey.credential_id is '凭据编号';
comment on column accounts.passkey.officer_id is '人员编号';
comment on column accounts.passkey.public_key is '公钥';
comment on column accounts.passkey.counter is '使用计数:倒退即疑似复制';
comment on column accounts.passkey.transports is '连接方式';
comment on column accounts.passkey.label is '名称';
comment on column accounts.passkey.added_at is '添加时间';
comment on column accounts.passkey.last_used_at is '最近使用时间';
comment on table accounts.client_certificate is '民警数字证书';
comment on column accounts.client_certificate.fingerprint is '证书指纹(SHA-256)';
comment on column accounts.client_certificate.officer_id is '人员编号';
comment on column accounts.client_certificate.subject is '证书主题';
comment on column accounts.client_certificate.valid_from is '证书生效时间';
comment on column accounts.client_certificate.valid_to is '证书失效时间';
comment on column accounts.client_certificate.added_at is '登记时间';
comment on column accounts.client_certificate.added_by is '登记人';
comment on column accounts.client_certificate.revoked_at is '停用时间';
comment on column accounts.client_certificate.revoked_by is '停用人';
comment on table accounts.post is '任职:谁在何单位任何岗位,权限随任职起止';
comment on column accounts.post.post_id is '任职编号';
comment on column accounts.post.officer_id is '人员编号';
comment on column accounts.post.role is '角色代码';
comment on column accounts.post.duty is '职责类别(随角色)';
comment on column accounts.post.org_code is '任职单位';
comment on column accounts.post.valid_from is '任职起始日期';
comment on column accounts.post.valid_to is '任职终止日期(不含当日)';
comment on column accounts.post.document_no is '任职文件号';
comment on column accounts.post.assigned_at is '登记时间';
comment on column accounts.post.assigned_by is '登记人';
comment on column accounts.post.ended_at is '免职登记时间';
comment on column accounts.post.ended_by is '免职登记人';
comment on table accounts.leave_cover is '请假代班:书面委托,有起止日期';
comment on column accounts.leave_cover.cover_id is '代班编号';
comment on column accounts.leave_cover.post_id is '被代岗位';
comment on column accounts.leave_cover.officer_id is '代班人员';
comment on column accounts.leave_cover.valid_from is '起始日期';
comment on column accounts.leave_cover.valid_to is '终止日期(不含当日)';
comment on column accounts.leave_cover.document_no is '委托文件号';
comment on column accounts.leave_cover.granted_at is '登记时间';
comment on column accounts.leave_cover.granted_by is '登记人';
comment on column accounts.leave_cover.ended_at is '提前终止时间';
comment on column accounts.leave_cover.ended_by is '提前终止登记人';
comment on table accounts.sign_in_attempt is '登录尝试:失败越多等待越久,从不永久锁定';
comment on column accounts.sign_in_attempt.attempt_id is '尝试编号';
comment on column accounts.sign_in_attempt.at is '时间';
comment on column accounts.sign_in_attempt.account_digest is '账户摘要(不存在的账户同样记录)';
comment on column accounts.sign_in_attempt.lane is '来路:已用过的终端各自计数,陌生终端合并计数';
comment on column accounts.sign_in_attempt.ip is '来源地址';
comment on column accounts.sign_in_attempt.succeeded is '是否成功';
comment on table accounts.sign_in_challenge is '登录第二步凭据:短时有效';
comment on column accounts.sign_in_challenge.challenge_digest is '凭据摘要';
comment on column accounts.sign_in_challenge.officer_id is '人员编号';
comment on column accounts.sign_in_challenge.lane is '来路';
comment on column accounts.sign_in_challenge.passkey_challenge is '通行密钥挑战值';
comment on column accounts.sign_in_challenge.created_at is '产生时间';
comment on column accounts.sign_in_challenge.expires_at is '失效时间';
comment on table accounts.officer_session is '民警会话';
comment on column accounts.officer_session.session_id is '会话编号';
comment on column accounts.officer_session.token_digest is '会话令牌摘要';
comment on column accounts.officer_session.officer_id is '人员编号';
comment on column accounts.officer_session.post_id is '当前行使的岗位';
comment on column accounts.officer_session.second_factor is '第二因素:动态口令、通行密钥、数字证书';
comment on column accounts.officer_session.created_at is '登录时间';
comment on column accounts.officer_session.verified_at is '最近一次第二因素验证时间';
comment on column accounts.officer_session.last_seen_at is '最近活动时间';
comment on column accounts.officer_session.expires_at is '最迟失效时间';
comment on column accounts.officer_session.passkey_challenge is '登记通行密钥的挑战值';
comment on column accounts.officer_session.ip is '来源地址';
comment on column accounts.officer_session.user_agent is '浏览器标识';
comment on column accounts.officer_session.ended_at is '结束时间';
comment on column accounts.officer_session.ended_reason is '结束原因';
comment on view accounts.audit_trail is '审计台账:供审计管理员查阅,不含答复内容';
comment on column accounts.audit_trail.audit_id is '审计编号';
comment on column accounts.audit_trail.at is '时间';
comment on column accounts.audit_trail.actor_kind is '操作者类别';
comment on column accounts.audit_trail.actor_id is '操作者编号';
comment on column accounts.audit_trail.org_code is '操作单位';
comment on column accounts.audit_trail.post is '操作岗位';
comment on column accounts.audit_trail.operation is '操作名称';
comment on column accounts.audit_trail.case_id is '所属办件';
comment on column accounts.audit_trail.request_id is '请求编号';
comment on column accounts.audit_trail.input_digest is '输入摘要';
comment on column accounts.audit_trail.detail is '补充说明';
