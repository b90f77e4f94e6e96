-- How often the second factors of somebody were changed, so that what was shown before a change opens no session after it.

alter table people add column factors_version bigint not null default 0;
