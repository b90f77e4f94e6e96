-- People, the roles they have, and what each role may do.
-- {{row_number}} and {{sorted_text}} are filled in for each engine by server/src/db/migrate.rs.

create table roles (
    code        text primary key,
    name        text not null,
    dashboard   text not null,
    position    bigint not null,
    built_in    boolean not null
);

create table role_permissions (
    role_code   text not null references roles (code),
    permission  text not null,
    primary key (role_code, permission)
);

create table people (
    number          {{row_number}},
    id              uuid not null,
    username        {{sorted_text}} not null,
    full_name       text not null,
    email           {{sorted_text}} not null,
    name_key        {{sorted_text}} not null,
    search_text     text not null,
    password_hash   text,
    status          text not null,
    locked_until    bigint,
    last_login_at   bigint not null default 0,
    login_count     bigint not null default 0,
    created_at      bigint not null,
    updated_at      bigint not null,
    version         bigint not null default 1
);

-- Unique ones are named as `violates` in server/src/db/mod.rs expects them: table_column.
create unique index people_id on people (id);
create unique index people_username on people (username);
create unique index people_email on people (email);
-- One index for each order of the list, with the id as the tie-breaker that a cursor needs.
create index people_by_name on people (name_key, id);
create index people_by_last_login on people (last_login_at, id);
create index people_by_status on people (status, id);
create index people_by_lock on people (locked_until) where locked_until is not null;

create table person_roles (
    person_id   uuid not null references people (id),
    role_code   text not null references roles (code),
    position    bigint not null,
    primary key (person_id, role_code)
);

create index person_roles_by_role on person_roles (role_code, person_id);
