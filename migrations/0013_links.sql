-- One-time links in letters: to reset a password, to verify an address, to accept an invitation. Of each kind a person has the
-- newest alone, and one that was used is gone. Of its token only a keyed fingerprint is kept (server/src/vault.rs).

create table links (
    person_id   uuid not null references people (id),
    purpose     text not null,
    -- The address that it went to: once the person has another one, it is worthless.
    email       text not null,
    fingerprint text not null,
    created_at  bigint not null,
    expires_at  bigint not null,
    primary key (person_id, purpose)
);

create unique index links_fingerprint on links (fingerprint);
create index links_by_expiry on links (expires_at);
