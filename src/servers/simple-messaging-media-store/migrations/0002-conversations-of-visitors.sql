-- A browser that comes back is known by its number: which agent it spoke with last. Backward compatible: yes.
create index conversations_of_visitor on simple_messaging.conversations (visitor, opened_at desc)
  where visitor is not null;
