-- What a suspended account goes back to when it is restored; and what those who look after accounts write down about people.

alter table people add column status_before text;

create table person_notes (
    id          uuid primary key,
    person_id   uuid not null references people (id) on delete cascade,
    -- Nothing where no person wrote it.
    author_id   uuid,
    text        text not null,
    created_at  bigint not null
);

create index person_notes_by_person on person_notes (person_id, created_at);
