-- The roles of each stand with them, in their order and with commas between, so that the list of people is sorted and filtered by
-- them without a look at another table. Kept in step by triggers.
-- No `string_agg` in the triggers: SQLite before 3.44 could not read the schema, and so could not back the file up.

alter table people add column role_codes {{sorted_text}} not null default '';

update people set role_codes = coalesce(
    (select group_concat(code) from (select role_code as code from person_roles where person_id = people.id order by position, role_code)), '');

create index people_by_roles on people (role_codes, id);

create trigger person_roles_insert_told after insert on person_roles begin
    update people set role_codes = coalesce(
        (select group_concat(code) from (select role_code as code from person_roles where person_id = new.person_id order by position, role_code)), '')
    where id = new.person_id and role_codes <> coalesce(
        (select group_concat(code) from (select role_code as code from person_roles where person_id = new.person_id order by position, role_code)), '');
end;

create trigger person_roles_update_told after update on person_roles begin
    update people set role_codes = coalesce(
        (select group_concat(code) from (select role_code as code from person_roles where person_id = new.person_id order by position, role_code)), '')
    where id = new.person_id and role_codes <> coalesce(
        (select group_concat(code) from (select role_code as code from person_roles where person_id = new.person_id order by position, role_code)), '');
end;

create trigger person_roles_delete_told after delete on person_roles begin
    update people set role_codes = coalesce(
        (select group_concat(code) from (select role_code as code from person_roles where person_id = old.person_id order by position, role_code)), '')
    where id = old.person_id and role_codes <> coalesce(
        (select group_concat(code) from (select role_code as code from person_roles where person_id = old.person_id order by position, role_code)), '');
end;
