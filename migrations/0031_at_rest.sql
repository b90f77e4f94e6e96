-- How personal texts are kept: under which key they are encrypted. Without a row, or without a key, they are as they are.

create table at_rest (
    number      bigint primary key,
    key_id      text,
    changed_at  bigint not null
);
