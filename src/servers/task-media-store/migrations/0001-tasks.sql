-- Work that programs put in queues: what it is, and which work item of the media director stands for it.
-- Backward compatible: yes.
create table task_media_store.tasks (
  id              uuid        primary key,     -- chosen by who created it
  interaction     uuid        not null,
  work_item       uuid        not null unique, -- the newest: a transfer begins another
  queue           text        not null,
  priority        smallint,
  contact         uuid,
  preferred_agent text,
  title           text        not null,
  text            text        not null,
  fields          jsonb       not null,
  link            text,
  created_at      timestamptz not null,
  created_by      text        not null,
  submitted       boolean     not null,        -- whether the director has acknowledged it
  cancelled_by    text,                        -- who took it back; done when it is closed
  closed_at       timestamptz
);
create index on task_media_store.tasks (created_at, id)
  where closed_at is null and (not submitted or cancelled_by is not null); -- what the director must be told
create index on task_media_store.tasks (id) where closed_at is null;

-- How far the journal of the director has been followed.
create table task_media_store.followed (
  stream   text   primary key,
  position bigint not null
);
