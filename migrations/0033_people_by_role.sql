-- The list of people in the order of roles: the first role of each stands with them. Kept in step by triggers.

alter table people add column first_role {{sorted_text}} not null default '';

update people set first_role = coalesce(
    (select r.role_code from person_roles r where r.person_id = people.id order by r.position, r.role_code limit 1), '');

create index people_by_first_role on people (first_role, id);
