-- network: both
-- Parcels between the two networks: what is to be sent, what has come, what was refused, what is amiss.
-- Bodies hold personal data: they leave the machine sealed only, no operation shows them, and they are
-- forgotten seven days after their receipt. Rows carry no station, so no row security by jurisdiction applies.

create schema exchange;
grant usage on schema exchange to huzheng_app;

create table exchange.outgoing_parcel (
  parcel_id uuid constraint outgoing_parcel_pkey primary key,
  -- The order in which the acts wrote; a rolled-back act leaves a hole here but never in the sequence.
  position bigint generated always as identity,
  kind text not null constraint outgoing_parcel_kind check (kind ~ '^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$'),
  order_key text not null constraint outgoing_parcel_order_key check (order_key <> ''),
  body jsonb,
  attachments jsonb not null default '[]',
  needs_receipt boolean not null default true,
  created_at timestamptz not null,
  sequence bigint constraint outgoing_parcel_sequence_once unique,
  copy integer not null default 0,
  write_at timestamptz,
  wanted boolean not null default false,
  written_at timestamptz,
  receipt_at timestamptz,
  receipt_result text constraint outgoing_parcel_receipt_result check (receipt_result in ('applied', 'quarantined', 'discarded')),
  constraint outgoing_parcel_body_until_receipt check (body is not null or receipt_result in ('applied', 'discarded')),
  constraint outgoing_parcel_receipt_whole check ((receipt_at is null) = (receipt_result is null))
);
create index outgoing_parcel_unnumbered on exchange.outgoing_parcel (position) where sequence is null;
create index outgoing_parcel_to_write on exchange.outgoing_parcel (write_at, sequence) where write_at is not null;
create index outgoing_parcel_unreceipted on exchange.outgoing_parcel (position) where receipt_at is null and needs_receipt;
create index outgoing_parcel_quarantined on exchange.outgoing_parcel (sequence) where receipt_result = 'quarantined';
create index outgoing_parcel_kept on exchange.outgoing_parcel (receipt_at) where body is not null and receipt_at is not null;
create index outgoing_parcel_housekeeping on exchange.outgoing_parcel (created_at) where not needs_receipt;

create table exchange.incoming_parcel (
  sequence bigint constraint incoming_parcel_pkey primary key,
  parcel_id uuid constraint incoming_parcel_id_once unique,
  kind text,
  order_key text,
  body jsonb,
  attachments jsonb not null default '[]',
  needs_receipt boolean not null default true,
  created_at timestamptz,
  content_sha256 text,
  copies integer[] not null default '{}',
  files_left text[] not null default '{}',
  received_at timestamptz not null,
  state text not null constraint incoming_parcel_state check (state in ('waiting', 'applied', 'quarantined', 'held', 'released', 'discarded')),
  reason text,
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  applied_at timestamptz,
  receipt_at timestamptz,
  constraint incoming_parcel_known_unless_skipped check (state = 'discarded' or (parcel_id is not null and kind is not null and order_key is not null and content_sha256 is not null)),
  constraint incoming_parcel_body_until_settled check (body is not null or state in ('applied', 'discarded')),
  constraint incoming_parcel_applied_at check (state <> 'applied' or applied_at is not null)
);
create index incoming_parcel_due on exchange.incoming_parcel (sequence) where state in ('waiting', 'released');
create index incoming_parcel_stuck on exchange.incoming_parcel (sequence) where state in ('quarantined', 'held');
create index incoming_parcel_order on exchange.incoming_parcel (order_key, sequence) where state in ('waiting', 'released', 'quarantined', 'held');
create index incoming_parcel_unreceipted on exchange.incoming_parcel (sequence) where receipt_at is null and needs_receipt and state in ('applied', 'quarantined', 'discarded');
create index incoming_parcel_files_left on exchange.incoming_parcel (sequence) where files_left <> '{}';
create index incoming_parcel_kept on exchange.incoming_parcel (received_at) where body is not null and state in ('applied', 'discarded');
create index incoming_parcel_housekeeping on exchange.incoming_parcel (received_at) where not needs_receipt;

create table exchange.lane (
  lane text constraint lane_pkey primary key constraint lane_known check (lane in ('outgoing', 'incoming')),
  last_sequence bigint not null default 0,
  confirmed_through bigint not null default 0,
  repeated_count bigint not null default 0,
  key_id text,
  key_made_at timestamptz,
  courier_seen_at timestamptz
);
insert into exchange.lane (lane) values ('outgoing'), ('incoming');

create table exchange.gap (
  sequence bigint constraint gap_pkey primary key,
  noticed_at timestamptz not null,
  request_at timestamptz not null,
  request_count integer not null default 0
);
create index gap_to_request on exchange.gap (request_at, sequence);

create table exchange.refused_file (
  refused_id uuid constraint refused_file_pkey primary key,
  at timestamptz not null,
  file_name text not null,
  reason text not null constraint refused_file_reason check (reason in (
    'malformed', 'wrong_direction', 'unknown_key', 'bad_signature', 'future_dated', 'cannot_open', 'swapped_attachment', 'replay', 'altered', 'late', 'schema')),
  files_left text[] not null default '{}'
);
create index refused_file_at on exchange.refused_file (at);
create index refused_file_files_left on exchange.refused_file (refused_id) where files_left <> '{}';

create table exchange.alarm (
  alarm_id uuid constraint alarm_pkey primary key,
  lane text not null constraint alarm_lane references exchange.lane,
  kind text not null,
  opened_at timestamptz not null,
  last_at timestamptz not null,
  count integer not null,
  detail jsonb not null default '{}',
  closed_at timestamptz,
  closed_by text,
  constraint alarm_closed_whole check ((closed_at is null) = (closed_by is null))
);
create unique index alarm_open_once on exchange.alarm (lane, kind) where closed_at is null;
create index alarm_opened on exchange.alarm (opened_at);

-- What was sent and what came is never rewritten; only its way through the exchange is.
grant select, insert, delete on exchange.outgoing_parcel to huzheng_app;
grant update (body, sequence, copy, write_at, wanted, written_at, receipt_at, receipt_result) on exchange.outgoing_parcel to huzheng_app;
grant select, insert, delete on exchange.incoming_parcel to huzheng_app;
grant update (body, copies, files_left, state, reason, attempts, next_attempt_at, applied_at, receipt_at) on exchange.incoming_parcel to huzheng_app;
grant select, update on exchange.lane to huzheng_app;
grant select, insert, update, delete on exchange.gap to huzheng_app;
grant select, insert, update (files_left) on exchange.refused_file to huzheng_app;
grant select, insert, update on exchange.alarm to huzheng_app;

-- An outgoing parcel is deleted only when it was housekeeping of the exchange itself; business stays as evidence.
create function exchange.keep_business() returns trigger
language plpgsql as $$
begin
  if old.needs_receipt then
    raise exception 'a parcel of the business is kept' using errcode = 'integrity_constraint_violation', constraint = 'exchange_keeps_business';
  end if;
  return old;
end $$;
create trigger outgoing_parcel_kept before delete on exchange.outgoing_parcel for each row execute function exchange.keep_business();
create trigger incoming_parcel_kept before delete on exchange.incoming_parcel for each row execute function exchange.keep_business();

comment on schema exchange is '内外网交换:包裹、回执、隔离、告警';
comment on table exchange.outgoing_parcel is '发出包裹:与业务同一事务写入,由摆渡程序编号、签名、写出';
comment on column exchange.outgoing_parcel.parcel_id is '包裹编号';
comment on column exchange.outgoing_parcel.position is '写入先后';
comment on column exchange.outgoing_parcel.kind is '种类(模块.动作)';
comment on column exchange.outgoing_parcel.order_key is '保序键:同键包裹按序办理(回执号或办件号)';
comment on column exchange.outgoing_parcel.body is '内容;收到回执七日后清除';
comment on column exchange.outgoing_parcel.attachments is '附件:摘要、字节数、类型';
comment on column exchange.outgoing_parcel.needs_receipt is '是否需要回执(回执、补发请求本身不需要)';
comment on column exchange.outgoing_parcel.created_at is '产生时间';
comment on column exchange.outgoing_parcel.sequence is '序号:提交后由摆渡程序连续编排';
comment on column exchange.outgoing_parcel.copy is '已写出的份数;每份只写一次';
comment on column exchange.outgoing_parcel.write_at is '下一次写出时间;空为不再写出';
comment on column exchange.outgoing_parcel.wanted is '对方请求补发';
comment on column exchange.outgoing_parcel.written_at is '最近一次写出时间';
comment on column exchange.outgoing_parcel.receipt_at is '回执时间';
comment on column exchange.outgoing_parcel.receipt_result is '回执结果';
comment on table exchange.incoming_parcel is '收到包裹:每个序号一行,即使补发也只办一次';
comment on column exchange.incoming_parcel.sequence is '序号';
comment on column exchange.incoming_parcel.parcel_id is '包裹编号;人工跳过的序号为空';
comment on column exchange.incoming_parcel.kind is '种类(模块.动作)';
comment on column exchange.incoming_parcel.order_key is '保序键';
comment on column exchange.incoming_parcel.body is '内容;办理七日后清除';
comment on column exchange.incoming_parcel.attachments is '附件:摘要、字节数、类型';
comment on column exchange.incoming_parcel.needs_receipt is '是否需要回执';
comment on column exchange.incoming_parcel.created_at is '对方产生时间';
comment on column exchange.incoming_parcel.content_sha256 is '内容摘要:同一序号内容不同即拒收';
comment on column exchange.incoming_parcel.copies is '已见过的份次:同一份再次出现即为重放';
comment on column exchange.incoming_parcel.files_left is '已收存、尚待从交换目录移除的文件';
comment on column exchange.incoming_parcel.received_at is '收存时间';
comment on column exchange.incoming_parcel.state is '状态:待办、已办、隔离、暂扣、放行、作废';
comment on column exchange.incoming_parcel.reason is '失败原因代码或作废理由';
comment on column exchange.incoming_parcel.attempts is '已尝试次数';
comment on column exchange.incoming_parcel.next_attempt_at is '下次尝试时间';
comment on column exchange.incoming_parcel.applied_at is '办理时间';
comment on column exchange.incoming_parcel.receipt_at is '回执发出时间';
comment on table exchange.lane is '通道计数:发出、收到各一行';
comment on column exchange.lane.lane is '通道';
comment on column exchange.lane.last_sequence is '最大序号:发出为已编,收到为已见';
comment on column exchange.lane.confirmed_through is '发出:对方确认连续收到的最大序号';
comment on column exchange.lane.repeated_count is '收到:补发重复份数(不再办理)';
comment on column exchange.lane.key_id is '签名密钥编号';
comment on column exchange.lane.key_made_at is '签名密钥生成(安装)时间';
comment on column exchange.lane.courier_seen_at is '摆渡程序最近运行时间';
comment on table exchange.gap is '缺号:已见更大序号而尚未收到的序号';
comment on column exchange.gap.sequence is '序号';
comment on column exchange.gap.noticed_at is '发现时间';
comment on column exchange.gap.request_at is '下次请求补发时间';
comment on column exchange.gap.request_count is '已请求补发次数';
comment on table exchange.refused_file is '拒收文件:按原因计数,原件移入 refused 目录';
comment on column exchange.refused_file.refused_id is '拒收编号(移存文件名以此开头)';
comment on column exchange.refused_file.at is '拒收时间';
comment on column exchange.refused_file.file_name is '原文件名';
comment on column exchange.refused_file.reason is '原因代码';
comment on column exchange.refused_file.files_left is '尚待移存的文件';
comment on table exchange.alarm is '告警:同通道同种类同时只有一条未关闭';
comment on column exchange.alarm.alarm_id is '告警编号';
comment on column exchange.alarm.lane is '通道';
comment on column exchange.alarm.kind is '种类';
comment on column exchange.alarm.opened_at is '发生时间';
comment on column exchange.alarm.last_at is '最近一次';
comment on column exchange.alarm.count is '次数';
comment on column exchange.alarm.detail is '说明(不含个人信息)';
comment on column exchange.alarm.closed_at is '关闭时间';
comment on column exchange.alarm.closed_by is '关闭者(自动恢复为 system)';
