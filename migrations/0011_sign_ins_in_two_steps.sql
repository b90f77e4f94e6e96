-- Between password and session: sign-ins that wait for their second factor, devices that need none for a while, and how and
-- when the person behind a session last showed that it is them. Of tokens and passwords only keyed fingerprints are kept.

create table pending_sign_ins (
    id              uuid primary key,
    fingerprint     text not null,
    person_id       uuid not null references people (id),
    role_code       text not null references roles (code),
    kind            text not null,
    remembered      boolean not null,
    -- What is due: a code of a factor, or setting up the first one.
    stage           text not null,
    -- Another password, and the wait was for nothing.
    password_mark   text not null,
    ip              text not null,
    user_agent      text not null,
    -- Counted before a code is looked at.
    tries           bigint not null,
    created_at      bigint not null,
    expires_at      bigint not null,
    ended_at        bigint
);

create unique index pending_sign_ins_fingerprint on pending_sign_ins (fingerprint);
create index pending_sign_ins_by_person on pending_sign_ins (person_id);
create index pending_sign_ins_by_expiry on pending_sign_ins (expires_at);

create table remembered_devices (
    id              uuid primary key,
    fingerprint     text not null,
    person_id       uuid not null references people (id),
    password_mark   text not null,
    ip              text not null,
    user_agent      text not null,
    created_at      bigint not null,
    last_used_at    bigint not null,
    expires_at      bigint not null
);

create unique index remembered_devices_fingerprint on remembered_devices (fingerprint);
create index remembered_devices_by_person on remembered_devices (person_id);
create index remembered_devices_by_expiry on remembered_devices (expires_at);

alter table sessions add column proved_at bigint not null default 0;
-- The second factor that was shown; none: the password alone.
alter table sessions add column second_factor text;
update sessions set proved_at = created_at;
