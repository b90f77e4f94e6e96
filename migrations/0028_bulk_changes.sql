-- Changes for many people at once, and who has to have a second factor whatever their roles ask for.

alter table people add column must_have_second_factor boolean not null default false;

create table bulk_changes (
    id          uuid primary key,
    -- Whoever makes the change.
    person_id   uuid not null references people (id),
    action      text not null,
    -- For what is about a role: it is chosen when it is confirmed.
    role_code   text,
    -- Whom it is about, with commas between the ids, in the order in which they are dealt with.
    people      text not null,
    -- How many of them were dealt with, how many of those were changed, and how many it was refused for.
    done        bigint not null,
    changed     bigint not null,
    refused     bigint not null,
    -- The first of the refusals, as JSON: whom, and why.
    refusals    text not null,
    begun_at    bigint not null
);

create index bulk_changes_by_person on bulk_changes (person_id, begun_at);
create index bulk_changes_by_begin on bulk_changes (begun_at);
