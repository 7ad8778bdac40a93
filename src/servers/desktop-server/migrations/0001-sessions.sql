-- Who is signed in, in which browser. The secret itself is only in the browser's cookie: whoever reads
-- this table cannot sign in with it. Backward compatible: yes.
create table desktop.sessions (
  secret_hash  bytea        primary key,  -- SHA-256 of the 256-bit secret
  agent        text         not null,
  opened_at    timestamptz  not null,
  used_at      timestamptz  not null,     -- to the minute: not written at every request
  address      text         not null      -- where it was opened from, for the audit
);

create index sessions_of_agent on desktop.sessions (agent, opened_at);
create index sessions_by_use on desktop.sessions (used_at);
