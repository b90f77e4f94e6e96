-- Entries are added and never changed. Three narrow paths are told apart by what they change: an entry gets its place, what
-- it tells of a person is erased, and entries up to the anchor are removed.

create trigger audit_enters before insert on audit
when new.place is not null or new.erased is not null
begin
    select raise(abort, 'an audit entry enters without a place');
end;

create trigger audit_is_kept before update on audit
when not (
    (new.id, new.at, new.action, new.outcome, new.actor_kind, new.actor_id, new.role_code, new.session_id,
     new.subject_kind, new.subject_id, new.person_id, new.request_id, new.api_key_id)
    is (old.id, old.at, old.action, old.outcome, old.actor_kind, old.actor_id, old.role_code, old.session_id,
        old.subject_kind, old.subject_id, old.person_id, old.request_id, old.api_key_id)
    and (
        (old.place is null and new.place is not null and new.seal is not null and new.erased is null
         and (old.salt is null or new.salt is old.salt)
         and (new.details, new.ip, new.user_agent) is (old.details, old.ip, old.user_agent))
        or (old.place is not null and (new.place, new.seal) is (old.place, old.seal)
            and old.erased is null and new.erased is not null and new.salt is null
            and new.details = '{}' and new.ip is null and new.user_agent is null)
    )
)
begin
    select raise(abort, 'audit entries are never changed');
end;

create trigger audit_is_not_removed before delete on audit
when old.place is null or old.place > coalesce((select place from audit_chain where name = 'anchor'), 0)
begin
    select raise(abort, 'audit entries are never removed before their time');
end;

create trigger audit_chain_goes_on before update on audit_chain
when new.name is not old.name or new.place <= old.place
    or (new.name = 'anchor' and new.place > (select place from audit_chain where name = 'head'))
begin
    select raise(abort, 'the chain of the audit trail goes on and never back');
end;

create trigger audit_chain_stays before delete on audit_chain
when old.name <> 'takeover'
begin
    select raise(abort, 'the ends of the audit trail stay');
end;
