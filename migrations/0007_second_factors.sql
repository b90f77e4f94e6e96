-- Second factors: authenticator apps, codes by e-mail and text message, and recovery codes.
-- Secrets and phone numbers are sealed and codes fingerprinted under the data key (server/src/vault.rs).

create table app_factors (
    person_id       uuid primary key references people (id),
    secret          text not null,
    -- The step of the newest code that was accepted; older codes are worthless.
    last_step       bigint not null,
    enrolled_at     bigint not null
);

-- An app that was shown its secret and has not yet shown a code. The one before goes on working meanwhile.
create table app_enrolments (
    person_id       uuid primary key references people (id),
    secret          text not null,
    begun_at        bigint not null
);

create index app_enrolments_by_begin on app_enrolments (begun_at);

create table code_factors (
    person_id       uuid not null references people (id),
    method          text not null,
    -- The phone number. Codes by e-mail go to the person's address.
    target          text,
    enrolled_at     bigint not null,
    primary key (person_id, method)
);

-- The newest code of each kind. It stays for a while after it was used, so that the next one has its cool-down.
create table one_time_codes (
    person_id       uuid not null references people (id),
    method          text not null,
    occasion        text not null,
    id              uuid not null,
    fingerprint     text not null,
    -- The phone number that is to be enrolled.
    target          text,
    tries           bigint not null,
    sent_at         bigint not null,
    expires_at      bigint not null,
    used_at         bigint,
    primary key (person_id, method, occasion)
);

create index one_time_codes_by_expiry on one_time_codes (expires_at);

create table recovery_codes (
    person_id       uuid not null references people (id),
    fingerprint     text not null,
    made_at         bigint not null,
    used_at         bigint,
    primary key (person_id, fingerprint)
);
