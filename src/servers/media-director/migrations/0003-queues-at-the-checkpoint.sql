-- What the director remembers of queues at the checkpoint beside what is open: how fast they move, and
-- when they last gave an offer. Empty: nothing yet. Backward compatible: yes.
alter table media_director.checkpoint add column queues jsonb;
