-- People and organisations, how to reach them, and what their search goes through. Backward compatible: yes.
create table contact.contacts (
  id               uuid        primary key,
  revision         integer     not null,        -- rises with each change of this contact
  kind             text        not null check (kind in ('person', 'organisation')),
  name             text        not null,
  organisation     uuid        references contact.contacts on delete set null,
  note             text        not null,
  fields           jsonb       not null,
  created_at       timestamptz not null,
  changed_at       timestamptz not null,
  searched_name    text        not null collate "C", -- folded words: see rules/search-terms.ts
  searched_address text        not null collate "C"  -- folded addresses, one a line
);
create index on contact.contacts (kind, id);         -- pages of the export
create index on contact.contacts (organisation) where organisation is not null;
create index on contact.contacts (searched_name, id);

-- The pieces of a text that an index can find it by: every three characters, and the beginnings of words.
-- This is what the extension pg_trgm does, which not every PostgreSQL offers to every user.
create function contact.pieces(searched text) returns text[]
  language sql immutable strict parallel safe
  return array(
    select distinct substr(searched, at, length)
      from generate_series(1, length(searched)) at
      cross join lateral (values (2), (3)) lengths (length)
     where at + length - 1 <= length(searched)
       and (length = 3 or substr(searched, at, 1) = ' '));

create index contacts_by_pieces_of_name on contact.contacts
  using gin (contact.pieces(' ' || searched_name));
create index contacts_by_pieces_of_address on contact.contacts
  using gin (contact.pieces(searched_address));

create table contact.addresses (
  contact uuid     not null references contact.contacts on delete cascade,
  ordinal smallint not null,                     -- in the order they were given
  kind    text     not null,
  value   text     not null,                     -- as it was written
  label   text,
  family  text     not null,                     -- with `key`, what it is matched by:
  key     text     not null collate "C",         --   see rules/address-key.ts
  primary key (contact, ordinal)
);
create index on contact.addresses (family, key);

-- Which contact changed, and who did it: never what, so that erasing leaves nothing.
create table contact.changes (
  number  bigint      primary key,               -- without gaps
  contact uuid        not null,
  erased  boolean     not null,
  at      timestamptz not null,
  by      text        not null
);

-- The number of the newest change: its row lock keeps the numbers without gaps, in the order of commits.
create table contact.newest (number bigint not null);
insert into contact.newest values (0);
