-- What mailboxes' servers sent: whole messages, as they came, and how far each mailbox has been read.
-- Backward compatible: yes.

-- Bytes of any length, written before what refers to them. Whoever refers to a blob says so by a foreign key, and has
-- an index on it: the sweep asks all foreign keys to this table, and takes blobs away that nothing refers to.
create table email.blobs (
  id     uuid   primary key,                             -- UUIDv7
  sha256 bytea  unique check (octet_length(sha256) = 32), -- the same bytes are kept once; empty while they are written
  size   bigint not null default 0
);

create table email.blob_chunks (
  blob   uuid    not null,
  number integer not null,                               -- 0, 1, 2, …; all but the last hold 256 KiB
  bytes  bytea   not null check (octet_length(bytes) <= 262144),
  primary key (blob, number)
);
-- What is attached is compressed already, and what is not would cost more time than it saves room.
alter table email.blob_chunks alter column bytes set storage external;

create table email.received (
  id          uuid        primary key,                   -- UUIDv7, of when it was fetched
  mailbox     text        not null,
  key         text        not null,                      -- the first it was known by
  received_at timestamptz not null,                      -- by the mailbox's server
  size        bigint      not null,
  sha256      bytea       not null,
  message_id  text,                                      -- as its header says, to know it again when its server numbers anew
  raw         uuid        references email.blobs,        -- empty once it is erased: it is not fetched again
  state       text        not null default 'stored' check (state in ('stored', 'filed', 'unreadable', 'dropped')),
  tries       smallint    not null default 0,            -- times it may have brought the parser down
  put_off     smallint    not null default 0,            -- times it was read and could not be filed
  next_try    timestamptz,                               -- empty: now
  unique (mailbox, sha256, received_at)
);

create index received_unfiled on email.received (received_at) where state = 'stored';
create index received_unreadable on email.received (mailbox) where state = 'unreadable';
create index received_of_raw on email.received (raw);
create index received_at_time on email.received (mailbox, received_at); -- the same message under another key

-- Every name that a server ever gave to a message that was fetched. Names outlive messages: what was deleted here does
-- not come back. Names of one account mean nothing in another.
create table email.received_keys (
  mailbox text not null,
  account text not null,                                 -- at which server, whose, and which folder
  key     text not null,
  mail    uuid references email.received on delete set null,
  primary key (mailbox, account, key)
);
create index received_keys_of_mail on email.received_keys (mail);

-- How far each mailbox has been read.
create table email.mailboxes (
  mailbox text  primary key,
  account text  not null,
  cursor  jsonb not null                                 -- moves in the transaction that keeps what it passed
);

-- Passwords and tokens, sealed under the installation's secret.
create table email.secrets (
  mailbox text        not null,
  use     text        not null check (use in ('receive', 'send')),
  kind    text        not null check (kind in ('password', 'refresh-token', 'client-secret')),
  sealed  text        not null,
  set_at  timestamptz not null,
  set_by  text        not null,
  primary key (mailbox, use, kind)
);

-- What the last comparison with each mailbox's server found.
create table email.checks (
  mailbox     text        primary key,
  at          timestamptz not null,
  server      integer     not null,
  held        integer     not null,
  gaps        jsonb       not null,
  gaps_in_all integer     not null
);
