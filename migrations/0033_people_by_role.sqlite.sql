-- The roles of each stand with them, in their order and with commas between, so that the list of people is sorted and filtered by
-- them without a look at another table. Kept in step by triggers. The order of names carries them as well.

alter table people add column role_codes {{sorted_text}} not null default '';

update people set role_codes = coalesce(
    (select string_agg(r.role_code, ',' order by r.position, r.role_code) from person_roles r where r.person_id = people.id), '');

create index people_by_roles on people (role_codes, id);
drop index people_by_name;
create index people_by_name on people (name_key, id, search_text, status, locked_until, factors, last_login_at, role_codes);

create trigger person_roles_insert_told after insert on person_roles begin
    update people set role_codes = coalesce(
        (select string_agg(r.role_code, ',' order by r.position, r.role_code) from person_roles r where r.person_id = new.person_id), '')
    where id = new.person_id and role_codes <> coalesce(
        (select string_agg(r.role_code, ',' order by r.position, r.role_code) from person_roles r where r.person_id = new.person_id), '');
end;

create trigger person_roles_update_told after update on person_roles begin
    update people set role_codes = coalesce(
        (select string_agg(r.role_code, ',' order by r.position, r.role_code) from person_roles r where r.person_id = new.person_id), '')
    where id = new.person_id and role_codes <> coalesce(
        (select string_agg(r.role_code, ',' order by r.position, r.role_code) from person_roles r where r.person_id = new.person_id), '');
end;

create trigger person_roles_delete_told after delete on person_roles begin
    update people set role_codes = coalesce(
        (select string_agg(r.role_code, ',' order by r.position, r.role_code) from person_roles r where r.person_id = old.person_id), '')
    where id = old.person_id and role_codes <> coalesce(
        (select string_agg(r.role_code, ',' order by r.position, r.role_code) from person_roles r where r.person_id = old.person_id), '');
end;
