-- Words of the fourth layout: ancestors of ICD-10 codes, texts of all codes, narratives, profiles by what they begin with, coordinates.
alter table store.resource alter column layout set default 4;
drop index store.resource_to_reindex;
create index resource_to_reindex on store.resource (shard, key) where layout < 4;
