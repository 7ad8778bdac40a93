-- Tasks that were merged into another, and those that are the second matter of another. Backward compatible: yes.
alter table task_media_store.tasks
  add column merged_into uuid, -- the task that goes on instead
  add column split_from  uuid; -- the task it was split from, which went on beside it
create index on task_media_store.tasks (merged_into) where merged_into is not null;
create index on task_media_store.tasks (split_from) where split_from is not null;
