-- network: both
-- What everybody may look up: divisions with their history, organisations, code lists, working days, addresses.
-- Readable by all, so there is no row security here; only addresses are written by the application.

create schema reference;
grant usage on schema reference to huzheng_app;

-- Beginnings of pinyin keys, 2 to 6 letters: under a GIN index they make a prefix search out of containment. A longer
-- query is cut to 6 letters and checked again.
create function reference.key_prefixes(keys text[]) returns text[]
language plpgsql immutable strict parallel safe as $$
declare
  key text;
  prefixes text[] := '{}';
begin
  foreach key in array keys loop
    prefixes := prefixes || array[left(key, 2), left(key, 3), left(key, 4), left(key, 5), left(key, 6)];
  end loop;
  return prefixes;
end $$;

-- Keys that are only found inside one scope: a search then costs what the scope holds, however large the table grows.
create function reference.bounded_keys(scope text, keys text[]) returns text[]
language plpgsql immutable strict parallel safe as $$
begin
  return case when cardinality(keys) = 0 then keys
              else string_to_array(scope || array_to_string(keys, chr(31) || scope), chr(31)) end;
end $$;

-- Divisions --------------------------------------------------------------------------------------

create table reference.area (
  code text collate "C" constraint area_pkey primary key,
  name text not null,
  name_en text not null,
  full_name text not null,
  level text not null constraint area_level_known check (level in ('PROVINCE', 'PREFECTURE', 'COUNTY', 'TOWNSHIP', 'COMMUNITY')),
  parent_code text collate "C" constraint area_parent_exists references reference.area,
  is_statistical boolean not null default false,
  valid_from date,
  valid_to date,
  successor_code text collate "C" constraint area_successor_exists references reference.area,
  name_grams text[] not null,
  pinyin_keys text[] not null,
  constraint area_code_fits_level check (char_length(code) = case level when 'TOWNSHIP' then 9 when 'COMMUNITY' then 12 else 6 end),
  constraint area_parent_of_all_but_provinces check ((parent_code is null) = (level = 'PROVINCE')),
  constraint area_ends_after_it_begins check (valid_to > valid_from)
);
create index area_children on reference.area (parent_code, code);
create index area_name_grams on reference.area using gin (name_grams);
create index area_pinyin_prefixes on reference.area using gin (reference.key_prefixes(pinyin_keys));

comment on schema reference is '基础数据:行政区划、机构、代码、工作日历、标准地址';
comment on function reference.key_prefixes(text[]) is '拼音键的各前缀(2 至 6 个字母),用于前缀检索';
comment on function reference.bounded_keys(text, text[]) is '限定范围内的检索键:范围代码加原键';
comment on table reference.area is '行政区划,含已撤销代码';
comment on column reference.area.code is '区划代码:省市县 6 位,乡镇街道 9 位,社区村 12 位';
comment on column reference.area.name is '名称';
comment on column reference.area.name_en is '英文名称';
comment on column reference.area.full_name is '自省起的全称,略去“市辖区”一类层级';
comment on column reference.area.level is '层级';
comment on column reference.area.parent_code is '上级区划代码';
comment on column reference.area.is_statistical is '仅统计用区划(开发区等),不得用于公民身份号码';
comment on column reference.area.valid_from is '启用日期;空为早于资料年限';
comment on column reference.area.valid_to is '停用日期(不含);空为现行';
comment on column reference.area.successor_code is '撤销后的承接区划';
comment on column reference.area.name_grams is '名称单字双字检索键';
comment on column reference.area.pinyin_keys is '拼音与首字母检索键,首项为最常用读音';

-- Organisations ----------------------------------------------------------------------------------

create table reference.organisation (
  org_code text collate "C" constraint organisation_pkey primary key
    constraint organisation_code_form check (org_code ~ '^[0-9]{6}[0-9A-Z]{2}[0-9]{4}$'),
  name text not null,
  name_en text not null,
  level text not null constraint organisation_level_known check (level in ('STATION', 'COUNTY', 'PREFECTURE', 'PROVINCE')),
  parent_code text collate "C" constraint organisation_parent_exists references reference.organisation,
  area_codes text[] collate "C" not null constraint organisation_serves_an_area check (cardinality(area_codes) > 0),
  phone text,
  address text,
  valid_from date,
  valid_to date,
  successor_code text collate "C" constraint organisation_successor_exists references reference.organisation,
  name_grams text[] not null,
  pinyin_keys text[] not null,
  constraint organisation_parent_of_all_but_provinces check ((parent_code is null) = (level = 'PROVINCE')),
  constraint organisation_ends_after_it_begins check (valid_to > valid_from)
);
create index organisation_children on reference.organisation (parent_code, org_code);
create index organisation_areas on reference.organisation using gin (area_codes);
create index organisation_name_grams on reference.organisation using gin (name_grams);
create index organisation_pinyin_prefixes on reference.organisation using gin (reference.key_prefixes(pinyin_keys));

comment on table reference.organisation is '公安机关机构,按日期分段的机构树';
comment on column reference.organisation.org_code is '机构代码(12 位)';
comment on column reference.organisation.name is '名称';
comment on column reference.organisation.name_en is '英文名称';
comment on column reference.organisation.level is '层级';
comment on column reference.organisation.parent_code is '上级机构代码';
comment on column reference.organisation.area_codes is '管辖的区划代码;社区优先于乡镇街道';
comment on column reference.organisation.phone is '电话';
comment on column reference.organisation.address is '地址';
comment on column reference.organisation.valid_from is '设立日期;空为早于资料年限';
comment on column reference.organisation.valid_to is '撤销日期(不含);空为现行';
comment on column reference.organisation.successor_code is '撤销后的承接机构';
comment on column reference.organisation.name_grams is '名称单字双字检索键';
comment on column reference.organisation.pinyin_keys is '拼音与首字母检索键,首项为最常用读音';

-- Code lists -------------------------------------------------------------------------------------

create table reference.code_list (
  list text collate "C" constraint code_list_pkey primary key,
  zh text not null,
  en text not null,
  standard text
);

create table reference.code_list_item (
  list text collate "C" not null constraint code_list_item_list_exists references reference.code_list,
  code text collate "C" not null,
  position integer not null,
  zh text not null,
  en text not null,
  is_selectable boolean not null,
  valid_from date,
  valid_to date,
  attributes jsonb not null,
  constraint code_list_item_pkey primary key (list, code),
  constraint code_list_item_ends_after_it_begins check (valid_to > valid_from)
);

comment on table reference.code_list is '代码表';
comment on column reference.code_list.list is '代码表标识';
comment on column reference.code_list.zh is '中文名称';
comment on column reference.code_list.en is '英文名称';
comment on column reference.code_list.standard is '所据标准;空为本系统自定';
comment on table reference.code_list_item is '代码项';
comment on column reference.code_list_item.list is '代码表标识';
comment on column reference.code_list_item.code is '代码';
comment on column reference.code_list_item.position is '显示顺序';
comment on column reference.code_list_item.zh is '中文含义';
comment on column reference.code_list_item.en is '英文含义';
comment on column reference.code_list_item.is_selectable is '可否用于新登记;不可选的仅供旧数据显示';
comment on column reference.code_list_item.valid_from is '启用日期';
comment on column reference.code_list_item.valid_to is '停用日期(不含)';
comment on column reference.code_list_item.attributes is '附加属性';

-- Bureau and working days ------------------------------------------------------------------------

create table reference.bureau (
  bureau text collate "C" constraint bureau_pkey primary key,
  zh text not null,
  en text not null,
  province_code text collate "C" not null constraint bureau_province_exists references reference.area,
  office_hours jsonb not null,
  switches jsonb not null,
  limits jsonb not null
);
create unique index bureau_only_one on reference.bureau ((true));

create table reference.calendar_year (
  year integer constraint calendar_year_pkey primary key,
  status text not null constraint calendar_year_status_known check (status in ('announced', 'provisional'))
);

create table reference.working_day (
  day_on date constraint working_day_pkey primary key,
  kind text not null constraint working_day_kind_known check (kind in ('holiday', 'working')),
  zh text not null,
  en text not null
);

create table reference.load (
  part text constraint load_pkey primary key,
  digest text not null,
  loaded_at timestamptz not null
);

comment on table reference.bureau is '本系统所属公安机关及其参数';
comment on column reference.bureau.bureau is '标识';
comment on column reference.bureau.zh is '中文名称';
comment on column reference.bureau.en is '英文名称';
comment on column reference.bureau.province_code is '所在省代码';
comment on column reference.bureau.office_hours is '办公时间段';
comment on column reference.bureau.switches is '开关';
comment on column reference.bureau.limits is '限额与期限';
comment on table reference.calendar_year is '工作日历已有资料的年份';
comment on column reference.calendar_year.year is '年份';
comment on column reference.calendar_year.status is '国务院通知已公布,或仅按办法暂列';
comment on table reference.working_day is '与星期不同的日子:节假日与调休上班日';
comment on column reference.working_day.day_on is '日期';
comment on column reference.working_day.kind is '放假或上班';
comment on column reference.working_day.zh is '节日';
comment on column reference.working_day.en is '节日英文名';
comment on table reference.load is '基础数据装载情况';
comment on column reference.load.part is '部分';
comment on column reference.load.digest is '来源摘要;未变则不重装';
comment on column reference.load.loaded_at is '装载时间';

-- Standard addresses -----------------------------------------------------------------------------

create table reference.standard_address (
  address_id uuid constraint standard_address_pkey primary key,
  township_code text collate "C" not null constraint standard_address_township_exists references reference.area,
  community_code text collate "C" constraint standard_address_community_exists references reference.area,
  street text,
  street_number text,
  building text,
  unit text,
  room text,
  line text not null constraint standard_address_line_length check (char_length(line) between 6 and 100),
  station_code text collate "C" not null constraint standard_address_station_exists references reference.organisation,
  valid_from date,
  valid_to date,
  line_grams text[] not null,
  pinyin_keys text[] not null,
  constraint standard_address_community_in_township check (starts_with(community_code, township_code)),
  constraint standard_address_ends_after_it_begins check (valid_to > valid_from)
);
create unique index standard_address_line_once on reference.standard_address (line) where valid_to is null;
-- Scanned station by station; a plain AND of station and grams in one index grows with the table (measured).
create index standard_address_search on reference.standard_address using gin (
  reference.bounded_keys(station_code, line_grams),
  reference.bounded_keys(station_code, reference.key_prefixes(pinyin_keys)));

comment on table reference.standard_address is '标准地址';
comment on column reference.standard_address.address_id is '地址编号;门牌更换时编号不变';
comment on column reference.standard_address.township_code is '乡镇街道代码';
comment on column reference.standard_address.community_code is '社区(村)代码';
comment on column reference.standard_address.street is '街路巷(自然村)';
comment on column reference.standard_address.street_number is '门牌号';
comment on column reference.standard_address.building is '楼幢';
comment on column reference.standard_address.unit is '单元';
comment on column reference.standard_address.room is '室';
comment on column reference.standard_address.line is '地址全文,自省起';
comment on column reference.standard_address.station_code is '管辖派出所';
comment on column reference.standard_address.valid_from is '启用日期';
comment on column reference.standard_address.valid_to is '停用日期(不含)';
comment on column reference.standard_address.line_grams is '地址(县级以下)单字双字检索键';
comment on column reference.standard_address.pinyin_keys is '社区与街路的拼音检索键';

grant select on all tables in schema reference to huzheng_app;
grant insert on reference.standard_address to huzheng_app;
