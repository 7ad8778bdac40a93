-- Webhooks follow the e-mail store's journal too: those that are there begin where it is when they next open.
-- Backward compatible: yes.
alter table desktop.webhooks add column emails bigint; -- position in the e-mail store's journal, exclusive
