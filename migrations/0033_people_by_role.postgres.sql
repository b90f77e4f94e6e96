-- The roles of each stand with them, in their order and with commas between, so that the list of people is sorted and filtered by
-- them without a look at another table. Kept in step by triggers.

alter table people add column role_codes {{sorted_text}} not null default '';

update people set role_codes = coalesce(
    (select string_agg(r.role_code, ',' order by r.position, r.role_code) from person_roles r where r.person_id = people.id), '');

create index people_by_roles on people (role_codes, id);

-- Once for each statement that changes some.
create function tell_roles() returns trigger language plpgsql as $$
begin
    -- Whoever makes very many accounts brings the codes along: then nobody is locked.
    if not exists (
        select 1 from told t
        where (select p.role_codes from people p where p.id = t.person_id) <> coalesce(
            (select string_agg(r.role_code, ',' order by r.position, r.role_code) from person_roles r where r.person_id = t.person_id), '')
    ) then
        return null;
    end if;
    -- Whoever changes roles of theirs meanwhile is waited for, and then seen by what follows.
    perform 1 from people where id in (select person_id from told) order by id for no key update;
    update people p set role_codes = n.codes
    from (select t.person_id, coalesce(
              (select string_agg(r.role_code, ',' order by r.position, r.role_code) from person_roles r where r.person_id = t.person_id), '') as codes
          from (select distinct person_id from told) t) n
    where p.id = n.person_id and p.role_codes <> n.codes;
    return null;
end $$;

create trigger person_roles_insert_told after insert on person_roles
    referencing new table as told for each statement execute function tell_roles();

create trigger person_roles_update_told after update on person_roles
    referencing new table as told for each statement execute function tell_roles();

create trigger person_roles_delete_told after delete on person_roles
    referencing old table as told for each statement execute function tell_roles();
