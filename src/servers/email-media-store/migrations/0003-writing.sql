-- What agents write and what becomes of it: drafts, the outbox, and what servers reported.
-- Backward compatible: yes.
create table email.drafts (
  id           uuid        primary key,                 -- chosen by the caller
  conversation uuid        not null,
  agent        text        not null,
  kind         text        not null check (kind in ('new', 'reply', 'reply-all', 'forward')),
  of_email     uuid,                                    -- what is answered or forwarded
  mailbox      text        not null,
  queue        text,
  language     text,
  recipients   jsonb       not null,                    -- { to, cc, bcc }
  subject      text        not null,
  format       text        not null check (format in ('rich', 'plain')),
  content      text        not null,                    -- '' once the e-mail has left
  revision     integer     not null default 1,          -- rises with each change
  saved_at     timestamptz not null,
  email        uuid                                     -- what it was sent as
);

create index drafts_of_agent on email.drafts (agent, saved_at desc) where email is null;
create index drafts_of_conversation on email.drafts (conversation) where email is null;
create unique index drafts_sent on email.drafts (email) where email is not null;

create table email.draft_attachments (
  draft      uuid    not null references email.drafts on delete cascade,
  id         text    not null,                          -- chosen by the caller
  place      integer not null,                          -- in the order they were taken in
  name       text    not null,
  type       text    not null,
  size       bigint  not null,
  inline     boolean not null,
  content_id text,
  scan       text    not null check (scan in ('unscanned', 'clean', 'infected')),
  blob       uuid    not null references email.blobs,
  primary key (draft, id)
);

create index draft_attachments_of_blob on email.draft_attachments (blob);

-- One row for each e-mail that was handed in here. It is never removed: it says what became of it.
create table email.outbox (
  email             uuid        primary key,
  conversation      uuid        not null,
  mailbox           text        not null,
  raw               uuid        references email.blobs, -- the whole message, as every try sends it; empty once it is erased
  size              bigint      not null,
  sender            text        not null,               -- of the envelope; '' for what machines must not answer
  message_id        text        not null,
  server_message_id text,                               -- given by a server that replaces ours
  automatic         boolean     not null,
  draft             uuid,                               -- what it was written as
  state             text        not null check (state in
                      ('held', 'waiting', 'sending', 'sent', 'delivered', 'bounced', 'failed', 'undone')),
  at                timestamptz not null,               -- when it came into this state
  give_up_at        timestamptz not null,               -- it has failed if it has not left by then
  tries             integer     not null default 0,
  next_at           timestamptz,                        -- when it is tried, or tried again
  problem           text,
  perhaps_twice     boolean     not null default false,
  -- The whole message is with the server, whose answer is not known: set before the last bytes leave.
  in_doubt          boolean     not null default false,
  doubts            smallint    not null default 0,
  holder            text,                               -- the running process that sends it
  check ((state in ('held', 'waiting')) = (next_at is not null)),
  check ((state = 'sending') = (holder is not null))
) with (fillfactor = 80);

create index outbox_unended on email.outbox (email) where state in ('held', 'waiting', 'sending');
create index outbox_of_raw on email.outbox (raw);
create index outbox_failed on email.outbox (mailbox, at) where state = 'failed';
create index outbox_server_message_ids on email.outbox (server_message_id)
  where server_message_id is not null;

create table email.outbox_recipients (
  email   uuid    not null references email.outbox on delete cascade,
  address text    not null,
  state   text    not null check (state in
            ('waiting', 'sent', 'delayed', 'delivered', 'bounced', 'failed')),
  said    text    not null default '',                  -- what a server said about them
  primary key (email, address)
);

-- What servers reported of e-mails that had left (RFC 3464): each report once.
create table email.delivery_reports (
  email      uuid        not null references email.outbox on delete cascade,
  report     uuid        not null,                      -- the e-mail that brought it
  recipient  text        not null,
  action     text        not null,
  status     text        not null,
  diagnostic text        not null,
  at         timestamptz not null,
  primary key (report, email, recipient)
);
