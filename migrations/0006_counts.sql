-- What is counted for a while: failed sign-ins by the name that was typed (as a keyed digest), by account and by address;
-- and, where several instances share the database, requests.

create table counts (
    key         text primary key,
    number      bigint not null,
    first_at    bigint not null,
    last_at     bigint not null
);

create index counts_by_time on counts (last_at);
