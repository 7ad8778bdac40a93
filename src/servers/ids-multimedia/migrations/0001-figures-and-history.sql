-- What is derived from the journals of the director and of the stores: counts by quarter of an hour,
-- history by contact, and what goes on now. All of it can be derived anew. Backward compatible: yes.

-- How far each journal has been taken in. Moves in the transaction of what it brought.
create table multimedia_data.positions (
  stream    text        primary key,
  position  bigint      not null default 0,
  at        timestamptz,                       -- when the event at that position happened
  entered   bigint      not null default 0,    -- passes since the journal's beginning: in = ended + open
  ended     bigint      not null default 0
);
insert into multimedia_data.positions (stream) values ('media-director'), ('simple-messaging-media-store');

-- Numbers that add up, by quarter of an hour. `agent` is '' for what belongs to no agent: arrivals, waits.
-- Durations are in milliseconds; what lies within the quarter fits an integer, which adds up faster.
create table multimedia_data.counts (
  begins               timestamptz not null,
  queue                text        not null,
  agent                text        not null,
  entered              integer     not null,
  ended                integer     not null,
  transferred          integer     not null,
  answered             integer     not null,
  abandoned            integer     not null,
  service_level_met    integer     not null,
  service_level_missed integer     not null,
  answer_wait          bigint      not null,
  offers               integer     not null,
  declined             integer     not null,
  unanswered           integer     not null,
  handled              integer     not null,
  handle_time          integer     not null,
  wrap_up_time         integer     not null,
  longest_wait         bigint      not null,   -- the greatest, not a sum
  primary key (begins, queue, agent)
);

-- How agents spent their time from login to logout, by quarter of an hour.
create table multimedia_data.activity_times (
  begins    timestamptz not null,
  agent     text        not null,
  activity  text        not null,
  reason    text        not null,              -- of not ready; else ''
  time      integer     not null,
  primary key (begins, agent, activity, reason)
);

-- One row for each pass through a queue.
create table multimedia_data.passes (
  item          uuid        primary key,
  conversation  uuid        not null,
  interaction   uuid        not null,
  channel       text        not null,
  queue         text        not null,
  entry_point   text,
  contact       uuid,
  entered_at    timestamptz not null,          -- when the customer began to wait
  queued_at     timestamptz not null,          -- when it entered this queue
  answered_at   timestamptz,
  ended_at      timestamptz,
  ending        text,
  agent         text,                          -- the last owner
  code          text,
  next          uuid                           -- where a transfer or merge went on
);
create index passes_by_contact on multimedia_data.passes (contact, queued_at desc) where contact is not null;
create index passes_by_conversation on multimedia_data.passes (conversation);

-- One row for each agent's part in a pass.
create table multimedia_data.segments (
  segment       uuid        primary key,
  item          uuid        not null,
  queue         text        not null,
  agent         text        not null,
  from_at       timestamptz not null,
  to_at         timestamptz,
  ending        text,
  wrap_up_from  timestamptz,
  wrap_up_to    timestamptz,
  code          text
);
create index segments_by_item on multimedia_data.segments (item, from_at);

-- Every event of an item, to explain it.
create table multimedia_data.records (
  item      uuid        not null,
  position  bigint      not null,
  at        timestamptz not null,
  body      jsonb       not null,
  primary key (item, position)
);

-- What goes on at the position reached: what a restart needs to go on counting.
create table multimedia_data.live (
  kind  text  not null check (kind in ('pass', 'segment', 'agent')),
  id    text  not null,
  body  jsonb not null,
  primary key (kind, id)
);

-- Conversations as the messaging store tells of them: never their content.
create table multimedia_data.conversations (
  conversation       uuid        primary key,
  interaction        uuid        not null,
  channel            text        not null,
  entry_point        text        not null,
  contact            uuid,
  opened_at          timestamptz not null,
  ended_at           timestamptz,
  ended_by           text,
  customer_messages  integer     not null default 0,
  agent_messages     integer     not null default 0,
  first_reply_at     timestamptz                -- the first message of an agent
);
create index conversations_by_contact on multimedia_data.conversations (contact) where contact is not null;

-- Instants travel as milliseconds since 1970.
create function multimedia_data.milliseconds(at timestamptz) returns bigint
  language sql immutable strict parallel safe
  as $$ select round(extract(epoch from at) * 1000)::bigint $$;
