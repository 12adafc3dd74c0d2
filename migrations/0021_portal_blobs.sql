-- network: internet
-- Pictures that no upload names any more: their bytes are cleared afterwards, and a crash between leaves them here to be cleared again.

create table portal.unwanted_picture (
  sha256 text collate "C" constraint unwanted_picture_pkey primary key,
  since_at timestamptz not null
);
create index unwanted_picture_since on portal.unwanted_picture (since_at, sha256);

-- Wherever an upload is deleted (a draft that ran out, a picture taken back), what it named is noted in the same transaction.
create function portal.note_unwanted_pictures() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into portal.unwanted_picture (sha256, since_at) select distinct gone.sha256, kernel.moment() from gone on conflict (sha256) do nothing;
  return null;
end $$;
create trigger upload_leaves_bytes after delete on portal.upload referencing old table as gone
  for each statement execute function portal.note_unwanted_pictures();

create index upload_bytes_by_content on portal.upload (sha256);

alter table portal.unwanted_picture enable row level security;
create policy system_only on portal.unwanted_picture to huzheng_app using (portal.is_system());
grant select, update (since_at), delete on portal.unwanted_picture to huzheng_app;

comment on function portal.note_unwanted_pictures() is '删除上传记录时登记其图片,待清除';
comment on table portal.unwanted_picture is '不再使用的图片,待清除';
comment on column portal.unwanted_picture.sha256 is '文件摘要';
comment on column portal.unwanted_picture.since_at is '登记或上次检查的时间';
