-- Entries are added and never changed. Three narrow paths are told apart by what they change: an entry gets its place, what
-- it tells of a person is erased, and entries up to the anchor are removed.

create function audit_enters() returns trigger language plpgsql as $$
begin
    if new.place is not null or new.erased is not null then
        raise exception 'an audit entry enters without a place';
    end if;
    return new;
end $$;

create function audit_is_kept() returns trigger language plpgsql as $$
begin
    if (new.id, new.at, new.action, new.outcome, new.actor_kind, new.actor_id, new.role_code, new.session_id,
        new.subject_kind, new.subject_id, new.person_id, new.request_id, new.api_key_id)
       is distinct from
       (old.id, old.at, old.action, old.outcome, old.actor_kind, old.actor_id, old.role_code, old.session_id,
        old.subject_kind, old.subject_id, old.person_id, old.request_id, old.api_key_id) then
        raise exception 'audit entries are never changed';
    end if;
    if old.place is null and new.place is not null and new.seal is not null and new.erased is null
       and (old.salt is null or new.salt is not distinct from old.salt)
       and (new.details, new.ip, new.user_agent) is not distinct from (old.details, old.ip, old.user_agent) then
        return new;
    end if;
    if old.place is not null and (new.place, new.seal) is not distinct from (old.place, old.seal)
       and old.erased is null and new.erased is not null and new.salt is null
       and new.details = '{}' and new.ip is null and new.user_agent is null then
        return new;
    end if;
    raise exception 'audit entries are never changed';
end $$;

create function audit_is_not_removed() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if old.place <= (select place from audit_chain where name = 'anchor') then
            return old;
        end if;
    end if;
    raise exception 'audit entries are never removed before their time';
end $$;

create function audit_chain_goes_on() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' then
        if new.name = old.name and new.place > old.place
           and (new.name <> 'anchor' or new.place <= (select place from audit_chain where name = 'head')) then
            return new;
        end if;
        raise exception 'the chain of the audit trail goes on and never back';
    end if;
    if tg_op = 'DELETE' and old.name = 'takeover' then
        return old;
    end if;
    raise exception 'the ends of the audit trail stay';
end $$;

create trigger audit_enters before insert on audit for each row execute function audit_enters();
create trigger audit_is_kept before update on audit for each row execute function audit_is_kept();
create trigger audit_is_not_removed before delete on audit for each row execute function audit_is_not_removed();
create trigger audit_is_not_emptied before truncate on audit for each statement execute function audit_is_not_removed();
create trigger audit_chain_goes_on before update or delete on audit_chain for each row execute function audit_chain_goes_on();
create trigger audit_chain_stays before truncate on audit_chain for each statement execute function audit_chain_goes_on();
