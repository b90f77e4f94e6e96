-- What a company's directory calls somebody: its own id for them, of which each belongs to one person (see docs/adr/0029).

alter table people add column external_id {{sorted_text}};

-- Named as `violates` in server/src/db/mod.rs expects it.
create unique index people_external_id on people (external_id) where external_id is not null;
