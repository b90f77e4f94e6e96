-- The audit trail: one entry for each thing that happened, only ever added to.
-- The outbox: work that follows from it (a mail to send), written in the same transaction, done afterwards.

create table audit (
    id              uuid primary key,
    at              bigint not null,
    action          text not null,
    outcome         text not null,
    actor_kind      text not null,
    actor_id        uuid,
    role_code       text,
    session_id      uuid,
    subject_kind    text not null,
    subject_id      text,
    person_id       uuid,
    ip              text,
    user_agent      text,
    request_id      text,
    details         text not null
);

create index audit_by_time on audit (at);
create index audit_by_actor on audit (actor_id, at);
create index audit_by_person on audit (person_id, at);
create index audit_by_action on audit (action, at);

create table outbox (
    id              uuid primary key,
    kind            text not null,
    payload         text not null,
    state           text not null,
    attempts        bigint not null default 0,
    due_at          bigint not null,
    leased_until    bigint not null default 0,
    last_error      text,
    created_at      bigint not null,
    done_at         bigint
);

create index outbox_by_due on outbox (state, due_at);
