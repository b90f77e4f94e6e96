-- The order of names carries what people are filtered by too, so that filters are judged along it without opening each row.

drop index people_by_name;
create index people_by_name on people (name_key, id) include (search_text, status, locked_until, factors, last_login_at);
