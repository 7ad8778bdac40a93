-- Conversations of short messages: their content and how far each side has got. The journal beside
-- these tables holds ids and times only, so erasing a person here erases them everywhere.
-- Backward compatible: yes.
create table simple_messaging.conversations (
  id                 uuid        primary key,            -- UUIDv7, chosen by the gateway
  interaction        uuid        not null,
  channel            text        not null,
  entry_point        text        not null,
  contact            uuid,                               -- empty until the directory has matched it
  contact_candidate  uuid,                               -- the id a new contact would get; empty: nobody to match
  customer_name      text        not null,
  customer_address   text,
  visitor            text,
  language           text,
  page               text,
  offline            boolean     not null,
  opened_at          timestamptz not null,
  ended_at           timestamptz,
  ended_by           text        check (ended_by in ('customer', 'agent', 'system')),
  work_item          uuid,                               -- the open one
  owner              text,                               -- the agent who has it
  customer_delivered integer     not null default 0,     -- message numbers, only ever forward
  customer_read      integer     not null default 0,
  agent_delivered    integer     not null default 0,
  agent_read         integer     not null default 0,
  check ((ended_at is null) = (ended_by is null)),
  check (owner is null or work_item is not null)
) with (fillfactor = 80); -- marks move often: their updates stay on the page

create index conversations_open on simple_messaging.conversations (work_item) where work_item is not null;
create index conversations_of_contact on simple_messaging.conversations (contact, opened_at desc) where contact is not null;
create index conversations_unmatched on simple_messaging.conversations (id)
  where contact is null and contact_candidate is not null;

create table simple_messaging.messages (
  conversation uuid        not null,
  number       integer     not null,                     -- 1, 2, 3, … in the order of becoming durable
  id           text        not null,                     -- chosen by the writer: the same twice is one message
  sender       text        not null check (sender in ('customer', 'agent', 'system')),
  agent        text,
  text         text        not null,                     -- '' once the person has been erased
  at           timestamptz not null,
  primary key (conversation, number),
  unique (conversation, id)
);

create table simple_messaging.notes (
  conversation uuid        not null,
  id           text        not null,
  agent        text        not null,
  note         text        not null,                     -- '' once the person has been erased
  at           timestamptz not null,
  primary key (conversation, id)
);

-- What the media director must still be told; a row goes when it has answered.
create table simple_messaging.outbox (
  work_item    uuid        not null,
  call         text        not null check (call in ('submit', 'customer-wrote', 'abandon')),
  conversation uuid        not null,
  submission   jsonb,                                    -- queue, priority and age, as they were decided
  at           timestamptz not null,
  primary key (work_item, call),
  check ((submission is not null) = (call = 'submit'))
);

-- How far this store has followed the journals of others.
create table simple_messaging.followed (
  stream   text   primary key,
  position bigint not null
);
