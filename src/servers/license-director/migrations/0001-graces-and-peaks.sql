-- What the license director must not forget over a restart: since when a limit has been passed, and how
-- many seats were in use at most. Who sits now is soft state and not here. Backward compatible: yes.

create table license.graces (
  name       text        primary key,   -- of the limit
  since      timestamptz not null,      -- when it was first passed
  last_over  timestamptz not null       -- when it was last found passed
);

create table license.peaks (
  day   date    not null,               -- UTC
  name  text    not null,
  peak  integer not null,
  primary key (day, name)
);
