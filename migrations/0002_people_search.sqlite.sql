-- Search by any part of a name, username or e-mail address: a trigram index beside the table, kept in step by triggers.

create virtual table people_search using fts5 (
    search_text, content = 'people', content_rowid = 'number', tokenize = 'trigram'
);

create trigger people_search_insert after insert on people begin
    insert into people_search (rowid, search_text) values (new.number, new.search_text);
end;

create trigger people_search_delete after delete on people begin
    insert into people_search (people_search, rowid, search_text) values ('delete', old.number, old.search_text);
end;

create trigger people_search_update after update of search_text on people begin
    insert into people_search (people_search, rowid, search_text) values ('delete', old.number, old.search_text);
    insert into people_search (rowid, search_text) values (new.number, new.search_text);
end;
