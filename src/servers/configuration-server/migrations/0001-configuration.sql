-- Every set-up document as it stands and as it was, the credentials of people and programs, and the
-- settings of desktops. Backward compatible: yes.
create table configuration.documents (
  kind     text    not null,
  id       text    not null,
  revision integer not null unique,       -- the newest of this document
  retired  boolean not null,
  body     jsonb   not null,
  primary key (kind, id)
);

-- One row per change: the stream others follow, and who changed what. `revision` has no gaps.
create table configuration.revisions (
  revision integer     primary key,
  kind     text        not null,
  id       text        not null,
  retired  boolean     not null,
  body     jsonb       not null,
  before   jsonb,                         -- nothing where the document is new
  at       timestamptz not null,
  by       text        not null
);
create index on configuration.revisions (kind, id, revision);

create table configuration.passwords (
  agent text primary key,
  hash  text not null                     -- argon2id with its parameters and salt
);

-- Links that work once. Whoever can read this table cannot use them.
create table configuration.links (
  hash       bytea       primary key,     -- SHA-256 of the token: it is random, so no salt is needed
  purpose    text        not null check (purpose in ('set-up', 'sign-in')),
  agent      text,
  expires_at timestamptz not null,
  check ((agent is null) = (purpose = 'set-up')),
  unique nulls not distinct (purpose, agent)
);

create table configuration.tokens (
  integration text  primary key,
  hash        bytea not null unique       -- SHA-256
);

create table configuration.webhook_secrets (
  webhook text primary key,
  sealed  text not null                   -- under the installation's secret: signing needs it again
);

-- What was done to credentials. Never a secret.
create table configuration.acts (
  number  integer     generated always as identity primary key,
  at      timestamptz not null,
  by      text        not null,
  act     text        not null,
  subject text        not null
);

create table configuration.settings (
  scope text  not null,
  name  text  not null,
  value jsonb not null,
  primary key (scope, name)
);

create table configuration.settings_revisions (
  revision integer     primary key,
  scope    text        not null,
  values   jsonb       not null,          -- null removes a value
  before   jsonb       not null,
  at       timestamptz not null,
  by       text        not null
);
