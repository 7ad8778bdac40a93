-- What explaining and replaying stand on, beside the journal.

-- The centre at positions of the journal, so that the state before any decision is read from the nearest
-- one and the events behind it. In parts, each some hundred kilobytes of gzipped JSON; part 0 is the head.
create table media_director.anchors (
  position    bigint      not null,
  part        int         not null,
  taken_at    timestamptz not null default now(),
  content     bytea       not null,
  primary key (position, part)
);

-- Every document of the configuration as it was heard, so that a decision is explained by what held then.
-- Without names, logins and addresses of people.
create table media_director.configuration_history (
  kind        text        not null,
  id          text        not null,
  revision    bigint      not null,
  retired     boolean     not null,
  body        jsonb       not null,
  primary key (kind, id, revision)
);
create index on media_director.configuration_history (revision);

insert into media_director.configuration_history (kind, id, revision, retired, body)
select kind, id, revision, retired,
       case kind when 'agent'
         then body - 'email' || jsonb_build_object('name', id, 'login', id)
         else body end
from media_director.configuration;
