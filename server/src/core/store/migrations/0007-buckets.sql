-- Words of the fifth layout: a code with the magnitude of its value (search/buckets.ts).
alter table store.resource alter column layout set default 5;
drop index store.resource_to_reindex;
create index resource_to_reindex on store.resource (shard, key) where layout < 5;
