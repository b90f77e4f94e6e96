-- When the owner of a key was told that it expires soon; nothing until then.

alter table api_keys add column reminded_at bigint;

create index api_keys_to_remind_of on api_keys (expires_at) where reminded_at is null and revoked_at is null;
