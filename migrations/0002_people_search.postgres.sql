-- Search by any part of a name, username or e-mail address: a trigram index on the table itself.

create extension if not exists pg_trgm;

create index people_search on people using gin (search_text gin_trgm_ops);
