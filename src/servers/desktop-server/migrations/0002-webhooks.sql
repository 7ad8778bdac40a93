-- How far each webhook has followed the journals, and what it was or is to be sent. Backward compatible: yes.
create table desktop.webhooks (
  webhook        text         primary key, -- the id of its document
  work           bigint       not null,    -- position in the director's journal, exclusive
  messages       bigint       not null,    -- position in the messaging store's journal, exclusive
  last_position  bigint       not null,    -- of its own deliveries: the newest
  failing_since  timestamptz,              -- since when nothing has come through; null while all is well
  disabled_at    timestamptz,              -- given up after long failure
  revision       bigint       not null     -- of its document: a change of it ends being given up
);

create table desktop.deliveries (
  webhook      text         not null references desktop.webhooks on delete cascade,
  position     bigint       not null,      -- 1, 2, 3, … within its webhook
  message_id   text         not null,      -- the same whenever this event is sent: receivers tell doubles by it
  event        text         not null,      -- as work-item.closed
  payload      jsonb        not null,      -- ids, times and codes; text is read from its store when it is sent
  state        text         not null check (state in ('waiting', 'delivered', 'failed')),
  tries        integer      not null default 0,
  last_status  text,                       -- what the last try brought
  happened_at  timestamptz  not null,
  queued_at    timestamptz  not null,      -- when trying began, for giving up
  next_try     timestamptz,                -- null once it is over
  ended_at     timestamptz,
  primary key (webhook, position),
  check ((next_try is null) = (state <> 'waiting')),
  check ((ended_at is null) = (state = 'waiting'))
);

create index deliveries_due on desktop.deliveries (webhook, next_try) where state = 'waiting';
create index deliveries_ended on desktop.deliveries (ended_at) where state <> 'waiting';
