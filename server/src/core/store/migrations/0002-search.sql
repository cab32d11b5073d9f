-- Which search parameters a resource has any value for: one bit each, in the alphabetical order of its type's parameters (:missing).
-- `layout` is the edition of the index words; rows of an older one are indexed anew by reindexResources.
alter table store.resource add column present bigint not null default 0, add column layout int2 not null default 1;
alter table store.resource alter column layout set default 2;
create index resource_to_reindex on store.resource (shard, key) where layout < 2;

-- History of a type or of everything, newest first.
create index history_by_time on store.history (type, received desc, key);

-- Seals the place after which a search goes on: a page's address says nothing about anybody and cannot be made up.
create table store.page_seal (key bytea not null);
insert into store.page_seal (key) values (decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));

-- Former versions of one resource, whose shard a client's own id does not tell.
create index history_by_key on store.history (key, version desc);
