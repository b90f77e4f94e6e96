-- Keeps people.factors in step with the tables of second factors.

create function tell_second_factors() returns trigger language plpgsql as $$
declare
    person uuid := case when tg_op = 'DELETE' then old.person_id else new.person_id end;
begin
    update people set factors =
          (case when exists (select 1 from passkeys where person_id = person) then 1 else 0 end)
        + (case when exists (select 1 from app_factors where person_id = person) then 2 else 0 end)
        + (case when exists (select 1 from code_factors where person_id = person and method = 'sms') then 4 else 0 end)
        + (case when exists (select 1 from code_factors where person_id = person and method = 'email') then 8 else 0 end)
    where id = person;
    return null;
end
$$;

create trigger passkeys_told after insert or delete on passkeys for each row execute function tell_second_factors();

create trigger app_factors_told after insert or delete on app_factors for each row execute function tell_second_factors();

create trigger code_factors_told after insert or delete on code_factors for each row execute function tell_second_factors();
