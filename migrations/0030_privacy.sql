-- Erasing people, and warning those of whom nothing was heard for long.

-- Nothing but the id, which the audit trail goes on naming, and when. Whoever it was is nowhere.
create table erased_people (
    id          uuid primary key,
    erased_at   bigint not null
);

create index erased_people_by_time on erased_people (erased_at);

-- When they were told that the account will be erased; nothing again as soon as they sign in.
alter table people add column erasure_warned_at bigint;

-- Who was last here, or was made, the longest ago and has not been told; and who was told the longest ago.
create index people_to_warn on people ((case when last_login_at > created_at then last_login_at else created_at end))
    where erasure_warned_at is null;
create index people_warned on people (erasure_warned_at) where erasure_warned_at is not null;

-- Whom a job is about, so that what is kept of it goes with them.
alter table outbox add column person_id uuid;

create index outbox_by_person on outbox (person_id, created_at) where person_id is not null;
