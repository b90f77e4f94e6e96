-- What the list of people is filtered and ordered by, beside what it had.

-- The second factors that somebody has enrolled: 1 passkey, 2 app, 4 text message, 8 e-mail, added up. Kept in step by triggers.
alter table people add column factors bigint not null default 0;

update people set factors =
      (case when exists (select 1 from passkeys f where f.person_id = people.id) then 1 else 0 end)
    + (case when exists (select 1 from app_factors f where f.person_id = people.id) then 2 else 0 end)
    + (case when exists (select 1 from code_factors f where f.person_id = people.id and f.method = 'sms') then 4 else 0 end)
    + (case when exists (select 1 from code_factors f where f.person_id = people.id and f.method = 'email') then 8 else 0 end)
where id in (select person_id from passkeys union select person_id from app_factors union select person_id from code_factors);

create index people_by_factors on people (factors, id);
create index people_by_login_count on people (login_count, id);
-- Of one status alone, whoever signed in last may be far from the beginning of everybody: the invited never did.
create index people_by_status_and_last_login on people (status, last_login_at, id);
