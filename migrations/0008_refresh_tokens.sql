-- Refresh tokens: each is good once and leads to the next. They belong to the session of the sign-in that began the chain.

create table refresh_tokens (
    id          uuid primary key,
    session_id  uuid not null references sessions (id),
    digest      text not null,
    issued_at   bigint not null,
    expires_at  bigint not null,
    used_at     bigint
);

create unique index refresh_tokens_digest on refresh_tokens (digest);
create index refresh_tokens_by_session on refresh_tokens (session_id);
