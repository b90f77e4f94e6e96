-- Keeps people.first_role in step with their roles.

create trigger person_roles_insert_told after insert on person_roles begin
    update people set first_role = coalesce(
        (select r.role_code from person_roles r where r.person_id = new.person_id order by r.position, r.role_code limit 1), '')
    where id = new.person_id and first_role <> coalesce(
        (select r.role_code from person_roles r where r.person_id = new.person_id order by r.position, r.role_code limit 1), '');
end;

create trigger person_roles_update_told after update on person_roles begin
    update people set first_role = coalesce(
        (select r.role_code from person_roles r where r.person_id = new.person_id order by r.position, r.role_code limit 1), '')
    where id = new.person_id and first_role <> coalesce(
        (select r.role_code from person_roles r where r.person_id = new.person_id order by r.position, r.role_code limit 1), '');
end;

create trigger person_roles_delete_told after delete on person_roles begin
    update people set first_role = coalesce(
        (select r.role_code from person_roles r where r.person_id = old.person_id order by r.position, r.role_code limit 1), '')
    where id = old.person_id and first_role <> coalesce(
        (select r.role_code from person_roles r where r.person_id = old.person_id order by r.position, r.role_code limit 1), '');
end;
