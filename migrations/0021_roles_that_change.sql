-- Roles that Super Admins change: which version it is, who made it, and roles that are gone. A role that is gone keeps its row,
-- since sessions and keys of then name it; nobody has it, and nothing offers it.

alter table roles add column version bigint not null default 1;
alter table roles add column changed_at bigint;
alter table roles add column changed_by uuid;
alter table roles add column deleted_at bigint;

-- Who acts in a role now.
create index sessions_by_role on sessions (role_code, expires_at) where ended_at is null;
