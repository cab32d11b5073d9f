-- Bodies that may hold a person's number lie sealed (core/vault), `body` is empty then. Layout 3: index words of such numbers are keyed.
alter table store.resource add column sealed bytea, alter column layout set default 3;
alter table store.resource alter column sealed set storage external;
alter table store.history add column sealed bytea;
alter table store.history alter column sealed set storage external;
drop index store.resource_to_reindex;
create index resource_to_reindex on store.resource (shard, key) where layout < 3;
-- Former versions of an older program, sealed beside the work.
alter table store.history add column layout int2 not null default 1;
alter table store.history alter column layout set default 3;
create index history_to_seal on store.history (shard, key, version) where layout < 3;
