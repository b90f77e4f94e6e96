-- Providers of OpenID Connect: who of them is whom here, and sign-ins that wait for their answer.

create table provider_links (
    -- A subject means something to its issuer alone, whatever the configuration calls the provider.
    issuer      text not null,
    subject     text not null,
    person_id   uuid not null references people (id),
    linked_at   bigint not null,
    last_used_at bigint not null,
    primary key (issuer, subject)
);

-- One account has one connection with each issuer.
create unique index provider_links_by_person on provider_links (person_id, issuer);

-- State and browser are fingerprinted under the data key (server/src/vault.rs).
create table provider_attempts (
    state       text primary key,
    browser     text not null,
    provider    text not null,
    next        text not null,
    begun_at    bigint not null,
    used_at     bigint
);

-- Who vouched for somebody whose sign-in waits for a second factor.
alter table pending_sign_ins add column vouched_by text;

create index provider_attempts_by_begin on provider_attempts (begun_at);
