-- E-mail conversations: what was read of every message, by thread, and what others must be told of them. The journal
-- beside these tables holds ids and times only, so erasing a person here erases them everywhere.
-- Backward compatible: yes.
create table email.conversations (
  id                uuid        primary key,             -- UUIDv7
  interaction       uuid        not null,
  mailbox           text        not null,
  entry_point       text,                                -- empty: an agent began it, or it is nobody's work
  queue             text,
  contact           uuid,                                -- empty until the directory has matched it
  contact_candidate uuid,                                -- the id a new contact would get; empty: nobody to match
  customer_name     text        not null,
  customer_address  text        not null,                -- '' once the person has been erased
  subject           text        not null,
  language          text,
  participants      text[]      not null,                -- addresses of all who wrote or were written to, lower case
  thread_roots      text[]      not null,                -- Outlook's
  opened_at         timestamptz not null,
  ended_at          timestamptz,
  ended_by          text        check (ended_by in ('customer', 'agent', 'system')),
  work_item         uuid,                                -- the open one
  owner             text,                                -- the agent who has it
  last_owner        text,                                -- who has or last had it
  further           jsonb       not null default '[]',   -- open work items that were split from it, and who has them
  last_number       integer     not null,
  read_number       integer     not null default 0,
  customer_wrote_at timestamptz,
  reopened          timestamptz[] not null default '{}', -- when mail opened another pass, the newest ones
  erased            boolean     not null default false,
  merged_into       uuid,                                -- where its e-mails are now; never one that is merged itself
  check ((ended_at is null) = (ended_by is null)),
  check (owner is null or work_item is not null),
  check (work_item is not null or further = '[]')
) with (fillfactor = 80);

create index conversations_open on email.conversations (id) where work_item is not null;
create index conversations_of_contact on email.conversations (contact, opened_at desc) where contact is not null;
create index conversations_of_queue on email.conversations (queue) where queue is not null;
create index conversations_unmatched on email.conversations (id)
  where contact is null and contact_candidate is not null;
create index conversations_merged on email.conversations (merged_into) where merged_into is not null;

-- Outlook's roots of threads, per mailbox.
create table email.thread_roots (
  mailbox      text not null,
  root         text not null,
  conversation uuid not null,
  primary key (mailbox, root, conversation)
);
create index thread_roots_of_conversation on email.thread_roots (conversation);

create table email.emails (
  id             uuid        primary key,                -- of what came in: the received message's
  conversation   uuid,                                   -- empty while it is in quarantine
  number         integer,                                -- 1, 2, 3, … within its conversation
  direction      text        not null check (direction in ('in', 'out')),
  mailbox        text        not null,
  message_id     text        not null,                   -- made of its fingerprint where the sender gave none
  refs           text[]      not null,                   -- References and In-Reply-To, the oldest first
  sender_name    text        not null,
  sender_address text        not null,
  correspondent  text        not null,                   -- whom an answer goes to, lower case
  people         jsonb       not null,                   -- { replyTo, to, cc, bcc }
  subject        text        not null,
  sent_at        timestamptz,
  at             timestamptz not null,
  nature         text        not null,
  text           text        not null,                   -- '' once the person has been erased
  html           text,                                   -- as its sender wrote it, unsafe
  unreadable     text,
  agent          text,
  raw            uuid        references email.blobs,     -- empty once it is erased
  size           bigint      not null,
  fingerprint    text        not null,
  opened_work    boolean     not null,
  reasons        text[]      not null,                   -- why it went where it went; empty of what was sent, and once erased
  words          tsvector    not null,                   -- made by `rules/words.ts`
  check ((conversation is null) = (number is null)),
  check (message_id <> '')
) with (fillfactor = 95);

create unique index emails_of_conversation on email.emails (conversation, number);
-- Ids are as long as their senders like: a hash index takes any length.
create index emails_by_message_id on email.emails using hash (message_id);
-- What answers a mail may come in before it. Asked with every mail: nothing may wait to be looked through.
create index emails_by_references on email.emails using gin (refs) with (fastupdate = off);
create index emails_by_time on email.emails (at desc, id desc);
create index emails_of_agent on email.emails (agent, at desc) where agent is not null;
create index emails_of_raw on email.emails (raw);
create index emails_words on email.emails using gin (words);

create table email.attachments (
  email      uuid    not null references email.emails on delete cascade,
  id         text    not null,
  place      integer not null,
  name       text    not null,
  type       text    not null,
  size       bigint  not null,
  inline     boolean not null,
  content_id text,
  scan       text    not null check (scan in ('unscanned', 'clean', 'infected')),
  blob       uuid    references email.blobs,             -- empty once it is erased
  primary key (email, id)
);
create index attachments_of_blob on email.attachments (blob);

create table email.notes (
  conversation uuid        not null,
  id           text        not null,
  agent        text        not null,
  note         text        not null,                     -- '' once the person has been erased
  at           timestamptz not null,
  primary key (conversation, id)
);

-- Mail that waits for somebody's judgement. `rest` is what was read of it and is not in `emails`.
create table email.quarantine (
  email       uuid        primary key references email.emails on delete cascade,
  mailbox     text        not null,
  reason      text        not null,
  at          timestamptz not null,
  received_at timestamptz not null,
  key         text        not null,
  rest        jsonb       not null
);
create index quarantine_of_mailbox on email.quarantine (mailbox, at);

-- What is to follow from an e-mail that was filed: an answer by itself, or what it tells of e-mails of ours. A row
-- goes when that has happened; it may happen again before, without effect.
create table email.consequences (
  email        uuid        not null,                     -- what it follows from
  type         text        not null check (type in ('acknowledge', 'deliveries')),
  conversation uuid        not null,
  body         jsonb       not null,
  at           timestamptz not null,
  primary key (email, type)
);

-- What the media director must still be told; a row goes when it has answered.
create table email.director_outbox (
  work_item    uuid        not null,
  call         text        not null check (call in ('submit', 'customer-wrote')),
  conversation uuid        not null,
  submission   jsonb,                                    -- queue, priority, preference and age, as they were decided
  at           timestamptz not null,
  primary key (work_item, call),
  check ((submission is not null) = (call = 'submit'))
);

-- How far this store has followed the journals of others.
create table email.followed (
  stream   text   primary key,
  position bigint not null
);
