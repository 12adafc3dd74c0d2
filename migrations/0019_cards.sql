-- network: police
-- Resident identity cards (居民身份证法): what was applied for, ordered, handed over; cards in force, lost, found and
-- invalid; temporary cards. Of portraits and fingerprints only the number of their capture and the result of the
-- comparison one to one are here, never an image or a template.

create schema cards;
grant usage on schema cards to huzheng_app;

create table cards.application (
  application_id uuid constraint application_pkey primary key,
  case_id uuid not null,
  person_id uuid not null,
  id_number text collate "C" not null,
  name text not null,
  sex text not null constraint application_sex_known check (sex in ('1', '2')),
  ethnicity text not null,
  birth_on date not null,
  address_text text not null,
  station_code text collate "C" not null,
  -- Where the card is handed over: another station when it was applied for away from home (1305).
  delivery_station text collate "C" not null,
  -- The county organ that signs (居民身份证法第八条).
  signed_by_org text collate "C" not null,
  signed_on date not null,
  valid_from_on date not null,
  -- Nothing means long-term 长期.
  valid_until_on date constraint application_valid_after_issue check (valid_until_on > valid_from_on),
  reason text not null constraint application_reason_known check (reason in ('11', '12', '13', '14', '15', '16', '21', '22', '23', '31', '40')),
  portrait_reference text not null,
  fingerprint_reference text,
  fee_fen integer not null constraint application_fee_not_negative check (fee_fen >= 0),
  fee_state text not null constraint application_fee_state_known check (fee_state in ('none', 'due', 'paid', 'waived', 'refund_due', 'refunded')),
  fee_at timestamptz,
  fee_by text,
  fee_note text,
  delivery text not null constraint application_delivery_known check (delivery in ('counter', 'courier')),
  delivery_address text,
  state text not null constraint application_state_known check (state in ('ordered', 'in_production', 'produced', 'ready', 'rejected', 'dispatched', 'handed_over', 'cancelled')),
  state_at timestamptz not null,
  state_reason text,
  applied_at timestamptz not null,
  constraint application_fee_matches_state check ((fee_fen = 0) = (fee_state = 'none')),
  constraint application_courier_has_an_address check (delivery = 'counter' or delivery_address is not null),
  constraint application_rejection_has_reason check (state <> 'rejected' or state_reason is not null)
);
create unique index application_once_a_case on cards.application (case_id);
-- Nobody has two cards under way (precondition no_card_in_production).
create unique index application_one_in_hand on cards.application (person_id) where state in ('ordered', 'in_production', 'produced', 'ready', 'rejected', 'dispatched');
create index application_person on cards.application (person_id, applied_at desc);
create index application_station on cards.application (delivery_station, state, state_at);

create table cards.production_order (
  order_no text collate "C" constraint production_order_pkey primary key,
  application_id uuid not null constraint order_application references cards.application,
  state text not null constraint order_state_known check (state in ('waiting', 'accepted', 'produced', 'delivered', 'rejected', 'cancelled')),
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  last_error text,
  card_serial text,
  reject_reason text,
  created_at timestamptz not null,
  sent_at timestamptz,
  settled_at timestamptz,
  constraint order_waits_or_is_settled check ((next_attempt_at is null) = (settled_at is not null)),
  constraint order_settled_in_the_end check ((settled_at is not null) = (state in ('delivered', 'rejected', 'cancelled')))
);
create unique index order_one_open on cards.production_order (application_id) where settled_at is null;
create index order_due on cards.production_order (next_attempt_at, order_no) where next_attempt_at is not null;

create table cards.card (
  card_id uuid constraint card_pkey primary key,
  person_id uuid not null,
  id_number text collate "C" not null,
  station_code text collate "C" not null,
  application_id uuid constraint card_application references cards.application constraint card_made_once unique,
  card_serial text,
  valid_from_on date not null,
  valid_until_on date constraint card_valid_after_issue check (valid_until_on > valid_from_on),
  state text not null constraint card_state_known check (state in ('produced', 'in_force', 'lost', 'replaced', 'invalid', 'destroyed')),
  state_at timestamptz not null,
  state_reason text constraint card_reason_known check (state_reason in ('person_died', 'items_changed', 'registration_ended', 'renewed', 'lost', 'not_collected', 'faulty')),
  recorded_at timestamptz not null,
  constraint card_ends_for_a_reason check ((state in ('produced', 'in_force')) = (state_reason is null))
);
-- 一人一证: nobody has two cards in force.
create unique index card_one_in_force on cards.card (person_id) where state = 'in_force';
create index card_person on cards.card (person_id, valid_from_on desc);
create index card_number on cards.card (id_number);

create table cards.temporary_card (
  temporary_card_no text collate "C" constraint temporary_card_pkey primary key,
  application_id uuid not null constraint temporary_card_application references cards.application,
  case_id uuid not null constraint temporary_card_once_a_case unique,
  person_id uuid not null,
  id_number text collate "C" not null,
  station_code text collate "C" not null,
  purpose text,
  valid_from_on date not null,
  valid_until_on date not null constraint temporary_card_valid_after_issue check (valid_until_on > valid_from_on),
  fee_fen integer not null constraint temporary_card_fee_not_negative check (fee_fen >= 0),
  fee_state text not null constraint temporary_card_fee_state_known check (fee_state in ('none', 'due', 'paid', 'waived')),
  fee_at timestamptz,
  fee_by text,
  state text not null constraint temporary_card_state_known check (state in ('in_force', 'returned', 'invalid')),
  state_at timestamptz not null,
  issued_at timestamptz not null,
  constraint temporary_card_fee_matches_state check ((fee_fen = 0) = (fee_state = 'none'))
);
create unique index temporary_card_one_in_force on cards.temporary_card (person_id) where state = 'in_force';

create table cards.loss_report (
  report_no text collate "C" constraint loss_report_pkey primary key,
  case_id uuid not null,
  card_id uuid constraint loss_report_card references cards.card,
  person_id uuid not null,
  id_number text collate "C" not null,
  station_code text collate "C" not null,
  lost_on date not null,
  reported_at timestamptz not null,
  withdrawn_at timestamptz,
  withdrawn_by text,
  -- What the national loss register still has to hear.
  to_tell text constraint loss_report_telling_known check (to_tell in ('report', 'withdrawal')),
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  told_at timestamptz,
  last_error text,
  constraint loss_report_waits_while_untold check ((to_tell is null) = (next_attempt_at is null))
);
create unique index loss_report_once_a_case on cards.loss_report (case_id);
create index loss_report_person on cards.loss_report (person_id, reported_at desc);
create index loss_report_due on cards.loss_report (next_attempt_at, report_no) where next_attempt_at is not null;

create table cards.hand_over (
  hand_over_id uuid constraint hand_over_pkey primary key,
  application_id uuid not null constraint hand_over_application references cards.application,
  how text not null constraint hand_over_way_known check (how in ('counter', 'courier')),
  at timestamptz not null,
  by_officer text not null,
  org_code text collate "C" not null,
  receiver_name text not null,
  receiver_relation text not null constraint hand_over_relation_known check (receiver_relation in ('self', 'guardian', 'agent', 'courier')),
  check_kind text not null constraint hand_over_check_known check (check_kind in ('fingerprint', 'portrait', 'document', 'courier_receipt')),
  check_result text not null constraint hand_over_check_passed check (check_result in ('match', 'seen')),
  check_reference text,
  old_card text not null constraint hand_over_old_card_known check (old_card in ('surrendered', 'lost', 'none')),
  courier_no text,
  constraint hand_over_courier_has_a_number check ((how = 'courier') = (courier_no is not null))
);
create unique index hand_over_once on cards.hand_over (application_id);

create table cards.found_card (
  found_id uuid constraint found_card_pkey primary key,
  id_number text collate "C" not null,
  station_code text collate "C" not null,
  found_place text,
  handed_in_at timestamptz not null,
  handed_in_to text not null,
  card_id uuid constraint found_card_card references cards.card,
  state text not null constraint found_card_state_known check (state in ('kept', 'returned', 'destroyed')),
  state_at timestamptz not null,
  state_by text not null,
  note text
);
create unique index found_card_kept_once on cards.found_card (id_number) where state = 'kept';
create index found_card_station on cards.found_card (station_code, handed_in_at desc) where state = 'kept';

create table cards.counter (
  prefix text collate "C" constraint counter_pkey primary key,
  last integer not null
);
create function cards.next_number(prefix text, digits integer) returns text
language sql as $$
  insert into cards.counter (prefix, last) values (prefix, 1)
  on conflict on constraint counter_pkey do update set last = cards.counter.last + 1
  returning cards.counter.prefix || lpad(last::text, digits, '0')
$$;

-- The second wall: a card belongs to the station where its bearer is registered, an application also to the one that
-- hands it over.
create policy inside_jurisdiction on cards.application to huzheng_app using (
  (station_code >= current_setting('huzheng.org_from', true) and station_code < current_setting('huzheng.org_to', true))
  or (delivery_station >= current_setting('huzheng.org_from', true) and delivery_station < current_setting('huzheng.org_to', true))) with check (true);
alter table cards.application enable row level security;
select kernel.guard_by_station('cards.card', 'station_code');
select kernel.guard_by_station('cards.temporary_card', 'station_code');
select kernel.guard_by_station('cards.loss_report', 'station_code');
select kernel.guard_by_station('cards.found_card', 'station_code');
do $$
declare child text;
begin
  foreach child in array array['production_order', 'hand_over'] loop
    execute format('alter table cards.%I enable row level security', child);
    execute format('create policy with_its_application on cards.%I to huzheng_app using (exists (select from cards.application as a where a.application_id = %I.application_id)) with check (true)', child, child);
  end loop;
end $$;

-- What a case must know of somebody's cards, wherever they are kept: whoever may open the case has opened the person.
create function cards.facts_of(people uuid[])
returns table (person_id uuid, application jsonb, card jsonb, temporary jsonb, losses integer)
language sql stable security definer set search_path = pg_catalog as $$
  select p.person_id,
    (select jsonb_build_object('application_id', a.application_id, 'case_id', a.case_id, 'state', a.state, 'reason', a.reason, 'applied_at', a.applied_at)
     from cards.application as a where a.person_id = p.person_id and a.state in ('ordered', 'in_production', 'produced', 'ready', 'rejected', 'dispatched')),
    (select jsonb_build_object('card_id', c.card_id, 'state', c.state, 'state_reason', c.state_reason, 'valid_from_on', c.valid_from_on, 'valid_until_on', c.valid_until_on, 'id_number', c.id_number)
     from cards.card as c where c.person_id = p.person_id and c.state <> 'produced' order by c.state = 'in_force' desc, c.valid_from_on desc, c.card_id desc limit 1),
    (select jsonb_build_object('temporary_card_no', t.temporary_card_no, 'valid_until_on', t.valid_until_on)
     from cards.temporary_card as t where t.person_id = p.person_id and t.state = 'in_force'),
    (select count(*)::integer from cards.loss_report as l where l.person_id = p.person_id and l.withdrawn_at is null)
  from unnest(people) as p (person_id)
$$;

-- Ends the cards of a person wherever they are kept: invalid all of them, replaced or lost only the one in force. With
-- an instant, a card that was applied for after it stays.
create function cards.end_cards(person uuid, into_state text, why text, before timestamptz default null) returns integer
language plpgsql security definer set search_path = pg_catalog as $$
declare
  ended integer;
begin
  update cards.card set state = into_state, state_reason = why, state_at = kernel.moment()
  where person_id = person and (state = 'in_force' or (into_state = 'invalid' and state in ('produced', 'lost')))
    and (before is null or not exists (select from cards.application as a where a.application_id = card.application_id and a.applied_at > before));
  get diagnostics ended = row_count;
  if into_state = 'invalid' then
    update cards.temporary_card set state = 'invalid', state_at = kernel.moment() where person_id = person and state = 'in_force';
  end if;
  return ended;
end $$;
-- The card of an application that lies ready, or came back from the courier, is in force from now on; the old one and the
-- temporary one end. Where it is handed over may be another station than its bearer's (异地受理).
create function cards.bring_into_force(of_application uuid) returns uuid
language plpgsql security definer set search_path = pg_catalog as $$
declare
  ready cards.application;
  made uuid;
begin
  select * into strict ready from cards.application where application_id = of_application and state in ('ready', 'dispatched') for update;
  perform cards.end_cards(ready.person_id, 'replaced', 'renewed');
  update cards.card set state = 'in_force', state_at = kernel.moment() where application_id = of_application and state = 'produced' returning card_id into strict made;
  update cards.application set state = 'handed_over', state_at = kernel.moment() where application_id = of_application;
  update cards.temporary_card set state = 'returned', state_at = kernel.moment() where person_id = ready.person_id and state = 'in_force';
  return made;
end $$;
revoke execute on function cards.facts_of(uuid[]), cards.end_cards(uuid, text, text, timestamptz), cards.bring_into_force(uuid) from public;
grant execute on function cards.facts_of(uuid[]), cards.end_cards(uuid, text, text, timestamptz), cards.bring_into_force(uuid) to huzheng_app;

grant select, insert on cards.application, cards.production_order, cards.card, cards.temporary_card, cards.loss_report, cards.hand_over, cards.found_card, cards.counter to huzheng_app;
grant update (fee_state, fee_at, fee_by, fee_note, state, state_at, state_reason) on cards.application to huzheng_app;
grant update (state, attempts, next_attempt_at, last_error, card_serial, reject_reason, sent_at, settled_at) on cards.production_order to huzheng_app;
grant update (state, state_at, state_reason) on cards.card to huzheng_app;
grant update (state, state_at, fee_state, fee_at, fee_by) on cards.temporary_card to huzheng_app;
grant update (withdrawn_at, withdrawn_by, to_tell, attempts, next_attempt_at, told_at, last_error) on cards.loss_report to huzheng_app;
grant update (state, state_at, state_by, note) on cards.found_card to huzheng_app;
grant update (last) on cards.counter to huzheng_app;

comment on schema cards is '居民身份证';
comment on function cards.facts_of(uuid[]) is '办件所需的证件情况(不限辖区)';
comment on function cards.end_cards(uuid, text, text, timestamptz) is '使某人的证件失效或被替换(不限辖区)';
comment on function cards.bring_into_force(uuid) is '发证:新证生效,旧证和临时证终止(不限辖区)';
comment on function cards.next_number(text, integer) is '取下一个编号';
comment on table cards.application is '居民身份证申领';
comment on column cards.application.application_id is '申领编号';
comment on column cards.application.case_id is '办件';
comment on column cards.application.person_id is '持证人';
comment on column cards.application.id_number is '公民身份号码';
comment on column cards.application.name is '证面姓名';
comment on column cards.application.sex is '证面性别';
comment on column cards.application.ethnicity is '证面民族';
comment on column cards.application.birth_on is '证面出生日期';
comment on column cards.application.address_text is '证面住址';
comment on column cards.application.station_code is '户籍地派出所';
comment on column cards.application.delivery_station is '发证派出所(异地受理时为受理地)';
comment on column cards.application.signed_by_org is '签发机关(县级公安机关)';
comment on column cards.application.signed_on is '签发日期';
comment on column cards.application.valid_from_on is '有效期起';
comment on column cards.application.valid_until_on is '有效期止;空为长期';
comment on column cards.application.reason is '申领原因代码';
comment on column cards.application.portrait_reference is '人像采集编号(不含图像)';
comment on column cards.application.fingerprint_reference is '指纹采集编号(不含特征);依规免采为空';
comment on column cards.application.fee_fen is '工本费(分)';
comment on column cards.application.fee_state is '缴费状态:免费、应缴、已缴、减免、应退、已退';
comment on column cards.application.fee_at is '缴费状态时间';
comment on column cards.application.fee_by is '收费登记人';
comment on column cards.application.fee_note is '票据号或减免依据';
comment on column cards.application.delivery is '领取方式:窗口、寄递';
comment on column cards.application.delivery_address is '寄递地址';
comment on column cards.application.state is '状态:待制证、制证中、已制成、待领取、制证退回、已寄出、已发证、已取消';
comment on column cards.application.state_at is '状态时间';
comment on column cards.application.state_reason is '退回或取消原因';
comment on column cards.application.applied_at is '申领时间';
comment on table cards.production_order is '制证订单';
comment on column cards.production_order.order_no is '订单号:重发不重复制证';
comment on column cards.production_order.application_id is '申领';
comment on column cards.production_order.state is '状态:待送、已接收、已制成、已送达、退回、取消';
comment on column cards.production_order.attempts is '已尝试次数';
comment on column cards.production_order.next_attempt_at is '下次送出或查询时间';
comment on column cards.production_order.last_error is '最近错误';
comment on column cards.production_order.card_serial is '证件流水号';
comment on column cards.production_order.reject_reason is '退回原因';
comment on column cards.production_order.created_at is '生成时间';
comment on column cards.production_order.sent_at is '首次送出时间';
comment on column cards.production_order.settled_at is '了结时间';
comment on table cards.card is '居民身份证';
comment on column cards.card.card_id is '证件编号(内部)';
comment on column cards.card.person_id is '持证人';
comment on column cards.card.id_number is '公民身份号码';
comment on column cards.card.station_code is '户籍地派出所';
comment on column cards.card.application_id is '申领;历史证件为空';
comment on column cards.card.card_serial is '证件流水号';
comment on column cards.card.valid_from_on is '有效期起';
comment on column cards.card.valid_until_on is '有效期止;空为长期';
comment on column cards.card.state is '状态:已制成未发、有效、挂失、已换发、失效、已销毁';
comment on column cards.card.state_at is '状态时间';
comment on column cards.card.state_reason is '终止原因';
comment on column cards.card.recorded_at is '登记时间';
comment on table cards.temporary_card is '临时居民身份证(有效期三个月)';
comment on column cards.temporary_card.temporary_card_no is '临时证编号';
comment on column cards.temporary_card.application_id is '所依据的居民身份证申领';
comment on column cards.temporary_card.case_id is '办件';
comment on column cards.temporary_card.person_id is '持证人';
comment on column cards.temporary_card.id_number is '公民身份号码';
comment on column cards.temporary_card.station_code is '发证派出所';
comment on column cards.temporary_card.purpose is '用途';
comment on column cards.temporary_card.valid_from_on is '有效期起';
comment on column cards.temporary_card.valid_until_on is '有效期止';
comment on column cards.temporary_card.fee_fen is '工本费(分)';
comment on column cards.temporary_card.fee_state is '缴费状态';
comment on column cards.temporary_card.fee_at is '缴费时间';
comment on column cards.temporary_card.fee_by is '收费登记人';
comment on column cards.temporary_card.state is '状态:有效、已交回、失效';
comment on column cards.temporary_card.state_at is '状态时间';
comment on column cards.temporary_card.issued_at is '签发时间';
comment on table cards.loss_report is '居民身份证挂失';
comment on column cards.loss_report.report_no is '挂失编号';
comment on column cards.loss_report.case_id is '办件';
comment on column cards.loss_report.card_id is '所挂失的证件';
comment on column cards.loss_report.person_id is '持证人';
comment on column cards.loss_report.id_number is '公民身份号码';
comment on column cards.loss_report.station_code is '派出所';
comment on column cards.loss_report.lost_on is '丢失日期';
comment on column cards.loss_report.reported_at is '挂失时间';
comment on column cards.loss_report.withdrawn_at is '撤销挂失时间';
comment on column cards.loss_report.withdrawn_by is '撤销登记人';
comment on column cards.loss_report.to_tell is '待报全国挂失系统的内容';
comment on column cards.loss_report.attempts is '已尝试次数';
comment on column cards.loss_report.next_attempt_at is '下次上报时间';
comment on column cards.loss_report.told_at is '最近上报成功时间';
comment on column cards.loss_report.last_error is '最近错误';
comment on table cards.hand_over is '居民身份证发放记录';
comment on column cards.hand_over.hand_over_id is '发放编号';
comment on column cards.hand_over.application_id is '申领';
comment on column cards.hand_over.how is '方式:窗口、寄递';
comment on column cards.hand_over.at is '时间';
comment on column cards.hand_over.by_officer is '发放人';
comment on column cards.hand_over.org_code is '发放单位';
comment on column cards.hand_over.receiver_name is '领取人姓名';
comment on column cards.hand_over.receiver_relation is '领取人与持证人关系';
comment on column cards.hand_over.check_kind is '身份核验方式';
comment on column cards.hand_over.check_result is '核验结果';
comment on column cards.hand_over.check_reference is '核验编号(一比一,不含图像)';
comment on column cards.hand_over.old_card is '旧证:交回、丢失、无';
comment on column cards.hand_over.courier_no is '快递单号';
comment on table cards.found_card is '拾获的居民身份证(招领)';
comment on column cards.found_card.found_id is '招领编号';
comment on column cards.found_card.id_number is '公民身份号码';
comment on column cards.found_card.station_code is '保管派出所';
comment on column cards.found_card.found_place is '拾获地点';
comment on column cards.found_card.handed_in_at is '交来时间';
comment on column cards.found_card.handed_in_to is '接收人';
comment on column cards.found_card.card_id is '对应证件';
comment on column cards.found_card.state is '状态:保管、已发还、已销毁';
comment on column cards.found_card.state_at is '状态时间';
comment on column cards.found_card.state_by is '处理人';
comment on column cards.found_card.note is '备注';
comment on table cards.counter is '编号计数';
comment on column cards.counter.prefix is '编号前缀';
comment on column cards.counter.last is '末号';
