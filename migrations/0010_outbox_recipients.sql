-- To whom a letter goes and which one it is, so that letters of one kind to one address can be counted.

alter table outbox add column recipient text;
alter table outbox add column letter text;

create index outbox_by_recipient on outbox (recipient, letter, created_at);
