-- The director's truth is its journal (the table of that name, made by the platform). What stands here
-- is the centre at one position of it, so that a start needs not read the journal from its beginning,
-- and how work items ended. Ids, times and codes; never content, never personal data.

create table media_director.checkpoint (
  only_one    boolean     primary key default true check (only_one),
  position    bigint      not null,      -- of the journal; the other tables reflect it exactly
  last_offer  bigint      not null,      -- the newest fencing token: the next offer's is higher
  entered     bigint      not null,      -- work items that ever came in …
  ended       bigint      not null,      -- … and that ended: in = closed + open
  taken_at    timestamptz not null default now()
);

-- Open work items as the domain's fold holds them (OpenWorkItem).
create table media_director.work_items (
  id          uuid        primary key,   -- chosen by the store
  item        jsonb       not null
);

-- Agents who are logged in (AgentStatus).
create table media_director.agents (
  id          text        primary key,
  status      jsonb       not null
);

-- Work items that ended: submitting one again has no effect, and a store that was away learns how.
create table media_director.ended_work_items (
  id          uuid        primary key,
  ending      text        not null check (ending in ('handled', 'abandoned', 'forced', 'transferred', 'merged')),
  successor   uuid,                      -- the work item that goes on instead
  ended_by    text,
  ended_at    timestamptz not null default now()
);
create index on media_director.ended_work_items (ended_at);

-- The configuration as it was last heard, so that the director starts while its server is away.
create table media_director.configuration (
  kind        text        not null,
  id          text        not null,
  revision    bigint      not null,
  retired     boolean     not null,
  body        jsonb       not null,
  primary key (kind, id)
);
