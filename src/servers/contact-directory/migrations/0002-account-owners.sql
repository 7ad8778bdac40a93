-- Whose account a contact is: work of theirs prefers that agent. Backward compatible: yes.
alter table contact.contacts add column account_owner text;
