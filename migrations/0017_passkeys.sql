-- Passkeys (WebAuthn): public keys that devices keep the other half of, and the questions put to them, each good for one answer.

create table passkeys (
    id              uuid primary key,
    person_id       uuid not null references people (id),
    -- What the device calls it, in base64url.
    credential_id   text not null,
    name            text not null,
    -- The public key with what was learned of the device, as the library writes it. Nothing in it is secret.
    credential      text not null,
    -- How often the device says it was used; it never goes back unless there are two of it. Many count nothing and stay at 0.
    counter         bigint not null,
    created_at      bigint not null,
    last_used_at    bigint
);

create unique index passkeys_credential on passkeys (credential_id);
create index passkeys_by_person on passkeys (person_id);

create table passkey_ceremonies (
    id              uuid primary key,
    -- Of the token that its answer comes back with.
    fingerprint     text not null,
    occasion        text not null,
    -- None: whoever answers says who they are.
    person_id       uuid references people (id),
    -- The challenge and what was asked for, as the library writes it.
    state           text not null,
    expires_at      bigint not null
);

create unique index passkey_ceremonies_fingerprint on passkey_ceremonies (fingerprint);
create index passkey_ceremonies_by_person on passkey_ceremonies (person_id);
create index passkey_ceremonies_by_expiry on passkey_ceremonies (expires_at);
