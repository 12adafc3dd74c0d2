-- network: police
-- Papers of moves between provinces: the move-in permit 准迁证 of the destination and the migration certificate 迁移证
-- of the origin, ours and those of other provinces; the messages about them over the national migration network; and
-- what the nightly pairing found. A paper's content never changes; its state is turned by one function, so that of any
-- number who would use a paper at once one does.

create schema permits;
grant usage on schema permits to huzheng_app;

create table permits.paper (
  paper_id uuid constraint paper_pkey primary key,
  kind text not null constraint paper_kind_known check (kind in ('move_in_permit', 'migration_certificate')),
  number text collate "C" not null constraint paper_number_form check (number ~ '^[A-Z0-9-]{8,30}$') constraint paper_number_once unique,
  is_ours boolean not null,
  -- Two digits each: who issued it and whom it is for.
  issuer_province text collate "C" not null constraint paper_issuer_province_form check (issuer_province ~ '^[1-9][0-9]$'),
  other_province text collate "C" not null constraint paper_other_province_form check (other_province ~ '^[1-9][0-9]$'),
  -- Our station that handles the people: of the destination for arrivals, of the origin for departures.
  station_code text collate "C" not null,
  case_id uuid,
  permit_number text collate "C",
  reason text not null,
  from_area text collate "C",
  to_area text collate "C",
  to_address text,
  issued_on date not null,
  valid_until_on date not null,
  replaces uuid constraint paper_replaced_exists references permits.paper constraint paper_replaced_once unique,
  recorded_at timestamptz not null,
  state text not null constraint paper_state_known check (state in ('issued', 'expired', 'consumed', 'void', 'returned')),
  state_at timestamptz not null,
  state_case_id uuid,
  state_reason text,
  constraint paper_crosses_provinces check (issuer_province <> other_province),
  constraint paper_valid_after_issue check (valid_until_on >= issued_on),
  constraint paper_of_ours_has_a_case check (case_id is not null or not is_ours)
);
create unique index paper_once_a_case on permits.paper (case_id, kind) where case_id is not null;
create index paper_station on permits.paper (station_code, issued_on desc, paper_id);
create index paper_running_out on permits.paper (valid_until_on) where state = 'issued';
create index paper_permit on permits.paper (permit_number) where permit_number is not null;

create table permits.mover (
  paper_id uuid not null constraint mover_paper references permits.paper,
  position integer not null constraint mover_position_counts_from_one check (position >= 1),
  id_number text collate "C" not null,
  name text not null,
  sex text not null constraint mover_sex_known check (sex in ('1', '2')),
  birth_on date not null,
  relation text not null,
  items jsonb not null default '{}',
  constraint mover_pkey primary key (paper_id, position)
);
create index mover_number on permits.mover (id_number);

create table permits.number_counter (
  prefix text collate "C" constraint number_counter_pkey primary key,
  last integer not null
);

create table permits.message (
  message_no uuid constraint message_pkey primary key,
  kind text not null constraint message_kind_known check (kind in ('publish', 'consume', 'void', 'return', 'fetch')),
  number text collate "C" not null,
  paper_id uuid constraint message_paper references permits.paper,
  to_province text collate "C",
  asked_by_org text collate "C",
  happened_on date not null,
  reason text,
  waits_for uuid constraint message_waits_for_another references permits.message,
  state text not null default 'waiting' constraint message_state_known check (state in ('waiting', 'accepted', 'refused')),
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  receipt_no text,
  last_error text,
  created_at timestamptz not null,
  settled_at timestamptz,
  constraint message_waits_or_is_settled check ((next_attempt_at is null) = (state <> 'waiting') and (settled_at is null) = (state = 'waiting')),
  constraint message_is_about_a_paper check (paper_id is not null or kind = 'fetch')
);
create index message_due on permits.message (next_attempt_at, message_no) where next_attempt_at is not null;
create unique index message_fetched_once on permits.message (number) where kind = 'fetch' and state = 'waiting';
create index message_paper on permits.message (paper_id);

create table permits.received_message (
  sequence bigint constraint received_message_pkey primary key,
  message_no text not null constraint received_message_once unique,
  kind text not null,
  number text collate "C" not null,
  outcome text not null constraint received_message_outcome_known check (outcome in ('done', 'changed_nothing', 'not_understood')),
  received_at timestamptz not null
);

create table permits.alarm (
  alarm_id uuid constraint alarm_pkey primary key,
  rule text not null constraint alarm_rule_known check (rule in ('in_transit_too_long', 'in_two_registers', 'legs_unpaired')),
  paper_id uuid not null constraint alarm_paper references permits.paper,
  station_code text collate "C" not null,
  movers integer not null,
  opened_at timestamptz not null,
  closed_at timestamptz,
  closed_by text,
  finding text,
  constraint alarm_closed_by_somebody check ((closed_at is null) = (closed_by is null))
);
create unique index alarm_open_once on permits.alarm (rule, paper_id) where closed_at is null;
create index alarm_station on permits.alarm (station_code, opened_at desc) where closed_at is null;

-- 准 or 迁 number: province, kind, year, eight digits in sequence without holes.
create function permits.next_number(prefix text) returns text
language sql as $$
  insert into permits.number_counter (prefix, last) values (prefix, 1)
  on conflict on constraint number_counter_pkey do update set last = permits.number_counter.last + 1
  returning permits.number_counter.prefix || lpad(last::text, 8, '0')
$$;

-- A paper by its exact number, wherever it was issued for: whoever holds the number holds the paper.
create function permits.paper_by_number(wanted text) returns setof permits.paper
language sql stable security definer set search_path = pg_catalog as $$
  select * from permits.paper where number = wanted
$$;
create function permits.movers_by_number(wanted text) returns setof permits.mover
language sql stable security definer set search_path = pg_catalog as $$
  select m.* from permits.mover as m join permits.paper as p on p.paper_id = m.paper_id where p.number = wanted order by m.position
$$;

-- The one way in which a paper changes. Of an issued paper anything may become, of an expired one only its end;
-- what was used, voided or returned stays so. Says what stands in the way, or nothing when it is done.
create function permits.turn_paper(wanted text, into_state text, on_day date, for_case uuid, why text) returns text
language plpgsql security definer set search_path = pg_catalog as $$
declare
  held permits.paper;
begin
  select * into held from permits.paper where number = wanted for update;
  if not found then
    return 'unknown';
  end if;
  if held.state not in ('issued', 'expired') then
    return held.state;
  end if;
  -- Used on a day on which it was valid, it was lawfully used, whenever we hear of it.
  if into_state = 'consumed' and held.valid_until_on < on_day then
    return 'expired';
  end if;
  if into_state = 'expired' and (held.state = 'expired' or held.valid_until_on >= on_day) then
    return 'not_yet';
  end if;
  update permits.paper set state = into_state, state_at = kernel.moment(), state_case_id = for_case, state_reason = why where paper_id = held.paper_id;
  return null;
end $$;

select kernel.guard_by_station('permits.paper', 'station_code');
select kernel.guard_by_station('permits.alarm', 'station_code');
alter table permits.mover enable row level security;
create policy with_its_paper on permits.mover to huzheng_app using (exists (select from permits.paper as p where p.paper_id = mover.paper_id)) with check (true);

revoke execute on function permits.paper_by_number(text), permits.movers_by_number(text), permits.turn_paper(text, text, date, uuid, text) from public;
grant execute on function permits.paper_by_number(text), permits.movers_by_number(text), permits.turn_paper(text, text, date, uuid, text) to huzheng_app;
grant select, insert on permits.paper, permits.mover, permits.message, permits.received_message, permits.alarm, permits.number_counter to huzheng_app;
grant update (last) on permits.number_counter to huzheng_app;
grant update (state, attempts, next_attempt_at, receipt_no, last_error, settled_at) on permits.message to huzheng_app;
grant update (outcome) on permits.received_message to huzheng_app;
grant update (closed_at, closed_by, finding) on permits.alarm to huzheng_app;

comment on schema permits is '跨省迁移:准迁证、迁移证';
comment on function permits.next_number(text) is '取下一个证件编号';
comment on function permits.paper_by_number(text) is '按编号查证件(不限辖区)';
comment on function permits.movers_by_number(text) is '按编号查证件所列人员(不限辖区)';
comment on function permits.turn_paper(text, text, date, uuid, text) is '改变证件状态的唯一入口;返回不能改变的原因';
comment on table permits.paper is '准迁证、迁移证:内容不变,状态只经 turn_paper 改变';
comment on column permits.paper.paper_id is '证件内部编号';
comment on column permits.paper.kind is '种类:准迁证、迁移证';
comment on column permits.paper.number is '证件编号';
comment on column permits.paper.is_ours is '是否本省签发';
comment on column permits.paper.issuer_province is '签发省份(两位)';
comment on column permits.paper.other_province is '对方省份(两位)';
comment on column permits.paper.station_code is '本省经办派出所';
comment on column permits.paper.case_id is '签发的办件';
comment on column permits.paper.permit_number is '迁移证所依据的准迁证编号;学生等为空';
comment on column permits.paper.reason is '迁移原因代码';
comment on column permits.paper.from_area is '迁出地区划';
comment on column permits.paper.to_area is '迁入地区划';
comment on column permits.paper.to_address is '迁入地址';
comment on column permits.paper.issued_on is '签发日期';
comment on column permits.paper.valid_until_on is '有效期至(含)';
comment on column permits.paper.replaces is '补发、换发所代替的证件';
comment on column permits.paper.recorded_at is '入库时间';
comment on column permits.paper.state is '状态:有效、过期、已使用、作废、退回';
comment on column permits.paper.state_at is '状态时间';
comment on column permits.paper.state_case_id is '改变状态的办件';
comment on column permits.paper.state_reason is '改变状态的原因';
comment on table permits.mover is '证件所列迁移人员';
comment on column permits.mover.paper_id is '证件';
comment on column permits.mover.position is '序号';
comment on column permits.mover.id_number is '公民身份号码';
comment on column permits.mover.name is '姓名';
comment on column permits.mover.sex is '性别';
comment on column permits.mover.birth_on is '出生日期';
comment on column permits.mover.relation is '与持证人(户主)关系';
comment on column permits.mover.items is '其他登记项目';
comment on table permits.number_counter is '证件编号计数';
comment on column permits.number_counter.prefix is '编号前缀:省份、种类、年份';
comment on column permits.number_counter.last is '末号';
comment on table permits.message is '发往全国迁移网络的报文';
comment on column permits.message.message_no is '报文编号:重发不重复';
comment on column permits.message.kind is '种类:发布、使用、作废、退回、调取';
comment on column permits.message.number is '证件编号';
comment on column permits.message.paper_id is '证件';
comment on column permits.message.to_province is '对方省份';
comment on column permits.message.asked_by_org is '调取单位';
comment on column permits.message.happened_on is '发生日期';
comment on column permits.message.reason is '原因';
comment on column permits.message.waits_for is '须先被接收的报文';
comment on column permits.message.state is '状态:待发、已接收、被拒绝';
comment on column permits.message.attempts is '已尝试次数';
comment on column permits.message.next_attempt_at is '下次发送时间';
comment on column permits.message.receipt_no is '回执号';
comment on column permits.message.last_error is '最近错误';
comment on column permits.message.created_at is '生成时间';
comment on column permits.message.settled_at is '了结时间';
comment on table permits.received_message is '从全国迁移网络收到的报文:每件只处理一次';
comment on column permits.received_message.sequence is '对方序号';
comment on column permits.received_message.message_no is '报文编号';
comment on column permits.received_message.kind is '种类';
comment on column permits.received_message.number is '证件编号';
comment on column permits.received_message.outcome is '处理结果:已处理、无变化、不能识别';
comment on column permits.received_message.received_at is '收到时间';
comment on table permits.alarm is '迁移配对告警(每夜核对)';
comment on column permits.alarm.alarm_id is '告警编号';
comment on column permits.alarm.rule is '规则:在途超期、两地同时在册、迁出迁入不配对';
comment on column permits.alarm.paper_id is '证件';
comment on column permits.alarm.station_code is '核查单位';
comment on column permits.alarm.movers is '涉及人数';
comment on column permits.alarm.opened_at is '告警时间';
comment on column permits.alarm.closed_at is '关闭时间';
comment on column permits.alarm.closed_by is '关闭人';
comment on column permits.alarm.finding is '核查结果';
