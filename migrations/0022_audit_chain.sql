-- The chain of the audit trail (docs/adr/0015): each entry gets a place and a seal that holds the seal before it.
-- Until it has its place, `seal` proves the entry by itself. `erased` takes the place of what was told of a person.

alter table audit add column place bigint;
alter table audit add column salt bytea;
alter table audit add column seal bytea;
alter table audit add column erased bytea;

create unique index audit_by_place on audit (place);
create index audit_without_place on audit (at, id) where place is null;
create index audit_by_ip on audit (ip, at);

-- Where the chain begins ('anchor': what is up to there was removed when its time was over) and ends ('head'), each vouched
-- for with a key that is not in the database. 'takeover' stands there while entries from before the chain are taken in.
create table audit_chain (
    name            text primary key,
    place           bigint not null,
    seal            bytea not null,
    at              bigint not null,
    mac             bytea not null
);
