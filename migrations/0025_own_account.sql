-- What somebody prefers, kept with the account; and an e-mail address that waits to be confirmed. Its links are rows of `links`,
-- kept under the present address, so that they die when that is another one.

alter table people add column theme text;
alter table people add column time_zone text;
alter table people add column language text not null default 'en';

create table email_changes (
    person_id       uuid primary key references people (id),
    new_email       text not null,
    asked_at        bigint not null,
    expires_at      bigint not null,
    -- By the link that went to the new address.
    confirmed_at    bigint,
    -- By the link that went to the present one.
    approved_at     bigint
);

create index email_changes_by_expiry on email_changes (expires_at);
