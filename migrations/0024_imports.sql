-- Imports of people: what was uploaded, row by row, until it is written; and what was wrong with it.

create table imports (
    id              uuid primary key,
    -- reading, checked, waiting, running, inviting, done, failed, cancelled
    state           text not null,
    file_name       text not null,
    existing        text not null,
    without_password text not null,
    -- Chosen when it is started.
    bad_rows        text not null default 'refuse',
    -- Who asked for it, from where, and what they may do.
    actor_kind      text not null,
    actor_id        uuid,
    role_code       text,
    session_id      uuid,
    ip              text,
    user_agent      text,
    request_id      text,
    holds           text not null,
    -- Columns of the file that nothing is done with.
    ignored         text not null default '',
    -- What the check found: rows of the file, new people, changed ones, the same as they are, wrong rows.
    people          bigint not null default 0,
    fresh           bigint not null default 0,
    changed         bigint not null default 0,
    same            bigint not null default 0,
    wrong           bigint not null default 0,
    -- What came of it so far. Up to the row at this place everything is done.
    place           bigint not null default 0,
    made            bigint not null default 0,
    updated         bigint not null default 0,
    skipped         bigint not null default 0,
    trouble         text,
    -- Whoever works on it has it until then; each has a number of their own.
    claim           bigint not null default 0,
    leased_until    bigint not null default 0,
    created_at      bigint not null,
    started_at      bigint,
    ended_at        bigint
);

create index imports_by_time on imports (created_at);
create index imports_by_state on imports (state, leased_until);

-- A person of a file, right in every field. `sealed` holds a password that is to be hashed, under the data key; nobody's
-- password ever stands here as it is.
create table import_rows (
    import_id       uuid not null references imports (id) on delete cascade,
    number          bigint not null,
    username        text not null,
    full_name       text,
    email           text,
    roles           text,
    status          text,
    hash            text,
    sealed          text,
    -- Somebody who is to be invited, once the account is made.
    invite          uuid,
    primary key (import_id, number)
);

create index import_rows_to_hash on import_rows (import_id, number) where sealed is not null;
create index import_rows_to_invite on import_rows (import_id, number) where invite is not null;

create table import_errors (
    import_id       uuid not null references imports (id) on delete cascade,
    number          bigint not null,
    place           bigint not null,
    column_name     text not null,
    value           text not null,
    words           text not null,
    primary key (import_id, number, place)
);
