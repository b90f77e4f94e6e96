-- Sessions: who is signed in, in which role, from where. Visits: what a browser carries from one page to the next
-- (a message, the values of a form), signed in or not.

create table sessions (
    id              uuid primary key,
    person_id       uuid not null references people (id),
    role_code       text not null references roles (code),
    kind            text not null,
    remembered      boolean not null,
    ip              text not null,
    user_agent      text not null,
    created_at      bigint not null,
    last_seen_at    bigint not null,
    expires_at      bigint not null,
    ended_at        bigint
);

create index sessions_by_person on sessions (person_id, created_at);
create index sessions_by_expiry on sessions (expires_at);

create table visits (
    id          text primary key,
    data        text not null,
    expires_at  bigint not null
);

create index visits_by_expiry on visits (expires_at);
