-- What people look after on their own account: keys for programs, and the devices they signed in from.

create table api_keys (
    id              uuid primary key,
    person_id       uuid not null references people (id),
    -- The role in which the key acts.
    role_code       text not null references roles (code),
    name            text not null,
    -- Of the key under the data key; the key itself is nowhere.
    fingerprint     text not null,
    -- The last characters of the key, to tell it by.
    ending          text not null,
    -- Codes of permissions, with commas between them.
    scopes          text not null,
    created_at      bigint not null,
    -- Nothing where it never expires.
    expires_at      bigint,
    last_used_at    bigint,
    last_used_ip    text,
    revoked_at      bigint
);

create unique index api_keys_fingerprint on api_keys (fingerprint);
create index api_keys_by_person on api_keys (person_id, created_at);

-- Which key acted, where it was no session.
alter table audit add column api_key_id uuid;

-- From where somebody signed in before: fingerprints of a browser's mark, and of browser and network together.
create table known_devices (
    person_id       uuid not null references people (id),
    fingerprint     text not null,
    last_seen_at    bigint not null,
    primary key (person_id, fingerprint)
);
