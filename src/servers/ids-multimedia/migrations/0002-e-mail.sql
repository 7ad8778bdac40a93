-- Conversations by e-mail, beside those of short messages: an agent may begin one, so that it has no entry point.
-- Backward compatible: yes.
insert into multimedia_data.positions (stream) values ('email-media-store');

alter table multimedia_data.conversations
  alter column entry_point drop not null,
  add column stream text not null default 'simple-messaging-media-store'; -- the journal that tells of it
