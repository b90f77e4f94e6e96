-- Keeps people.factors in step with the tables of second factors.

create trigger passkeys_insert_told after insert on passkeys begin
    update people set factors =
          (case when exists (select 1 from passkeys where person_id = new.person_id) then 1 else 0 end)
        + (case when exists (select 1 from app_factors where person_id = new.person_id) then 2 else 0 end)
        + (case when exists (select 1 from code_factors where person_id = new.person_id and method = 'sms') then 4 else 0 end)
        + (case when exists (select 1 from code_factors where person_id = new.person_id and method = 'email') then 8 else 0 end)
    where id = new.person_id;
end;

create trigger passkeys_delete_told after delete on passkeys begin
    update people set factors =
          (case when exists (select 1 from passkeys where person_id = old.person_id) then 1 else 0 end)
        + (case when exists (select 1 from app_factors where person_id = old.person_id) then 2 else 0 end)
        + (case when exists (select 1 from code_factors where person_id = old.person_id and method = 'sms') then 4 else 0 end)
        + (case when exists (select 1 from code_factors where person_id = old.person_id and method = 'email') then 8 else 0 end)
    where id = old.person_id;
end;

create trigger app_factors_insert_told after insert on app_factors begin
    update people set factors =
          (case when exists (select 1 from passkeys where person_id = new.person_id) then 1 else 0 end)
        + (case when exists (select 1 from app_factors where person_id = new.person_id) then 2 else 0 end)
        + (case when exists (select 1 from code_factors where person_id = new.person_id and method = 'sms') then 4 else 0 end)
        + (case when exists (select 1 from code_factors where person_id = new.person_id and method = 'email') then 8 else 0 end)
    where id = new.person_id;
end;

create trigger app_factors_delete_told after delete on app_factors begin
    update people set factors =
          (case when exists (select 1 from passkeys where person_id = old.person_id) then 1 else 0 end)
        + (case when exists (select 1 from app_factors where person_id = old.person_id) then 2 else 0 end)
        + (case when exists (select 1 from code_factors where person_id = old.person_id and method = 'sms') then 4 else 0 end)
        + (case when exists (select 1 from code_factors where person_id = old.person_id and method = 'email') then 8 else 0 end)
    where id = old.person_id;
end;

create trigger code_factors_insert_told after insert on code_factors begin
    update people set factors =
          (case when exists (select 1 from passkeys where person_id = new.person_id) then 1 else 0 end)
        + (case when exists (select 1 from app_factors where person_id = new.person_id) then 2 else 0 end)
        + (case when exists (select 1 from code_factors where person_id = new.person_id and method = 'sms') then 4 else 0 end)
        + (case when exists (select 1 from code_factors where person_id = new.person_id and method = 'email') then 8 else 0 end)
    where id = new.person_id;
end;

create trigger code_factors_delete_told after delete on code_factors begin
    update people set factors =
          (case when exists (select 1 from passkeys where person_id = old.person_id) then 1 else 0 end)
        + (case when exists (select 1 from app_factors where person_id = old.person_id) then 2 else 0 end)
        + (case when exists (select 1 from code_factors where person_id = old.person_id and method = 'sms') then 4 else 0 end)
        + (case when exists (select 1 from code_factors where person_id = old.person_id and method = 'email') then 8 else 0 end)
    where id = old.person_id;
end;
