-- Whose rows were erased: nothing about this source identity may be written again until somebody lifts it.
create table store.erased_subject (
  shard int2 not null,
  subject bigint not null,
  erasure bigint not null,
  at timestamptz not null,
  primary key (shard, subject)
);

-- What stands where a resource stood: reads by the institution that wrote it answer 410, and nothing of the content is left.
create table store.erased (
  shard int2 not null,
  key bigint not null,
  type int2 not null,
  institution int not null,
  erasure bigint not null,
  primary key (shard, key)
);
create index erased_by_key on store.erased (key);
