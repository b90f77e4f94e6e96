-- Keeps people.first_role in step with their roles, once for each statement that changes some.

create function tell_first_roles() returns trigger language plpgsql as $$
begin
    update people p set first_role = n.role_code
    from (select t.person_id, coalesce(
              (select r.role_code from person_roles r where r.person_id = t.person_id order by r.position, r.role_code limit 1), '') as role_code
          from (select distinct person_id from told) t) n
    where p.id = n.person_id and p.first_role <> n.role_code;
    return null;
end $$;

create trigger person_roles_insert_told after insert on person_roles
    referencing new table as told for each statement execute function tell_first_roles();

create trigger person_roles_update_told after update on person_roles
    referencing new table as told for each statement execute function tell_first_roles();

create trigger person_roles_delete_told after delete on person_roles
    referencing old table as told for each statement execute function tell_first_roles();
