-- The order of names carries the text too, so that a search that walks along it need not open each row.

drop index people_by_name;
create index people_by_name on people (name_key, id) include (search_text);
