create schema store;

-- The record: one row per resource, its newest version. `key` is 64 bits of SHA-256 over 'Type/id', so a reference resolves
-- to a key by arithmetic, without a look-up. `shard` comes from the resident and never changes (docs/decisions/0005-shards.md).
-- `subject` is the source identity (institution + local number) that the fact is about; the identity room says which resident it is.
create table store.resource (
  shard int2 not null,
  key bigint not null,
  type int2 not null,
  id text not null,
  version int not null,
  subject bigint,
  institution int not null,
  label int2 not null default 0,
  occurred timestamptz,
  recorded timestamptz,
  received timestamptz not null,
  message bigint,
  tokens bigint[] not null,
  stamps text,
  body text not null,
  primary key (shard, key)
);
alter table store.resource alter column body set storage extended;
create index resource_by_key on store.resource (key);
create index resource_by_subject on store.resource (subject, type, occurred desc) where subject is not null;
create index resource_by_time on store.resource (type, received desc, key);
create index resource_by_token on store.resource using gin (tokens);

-- What no longer is the newest: every former version, and deletions. Nothing is overwritten.
create table store.history (
  shard int2 not null,
  key bigint not null,
  version int not null,
  type int2 not null,
  id text not null,
  subject bigint,
  institution int not null,
  label int2 not null,
  occurred timestamptz,
  recorded timestamptz,
  received timestamptz not null,
  message bigint,
  superseded timestamptz not null,
  deleted boolean not null default false,
  stamps text,
  body text not null,
  primary key (shard, key, version)
);

-- Strings that are searched by how they begin (folded), and dates, numbers and quantities as ranges.
create table store.string (
  shard int2 not null,
  key bigint not null,
  param int4 not null,
  value text not null collate "C",
  primary key (shard, key, param, value)
);
create index string_by_value on store.string (param, value collate "C");

create table store.range (
  shard int2 not null,
  key bigint not null,
  param int4 not null,
  low double precision not null,
  high double precision not null,
  unit bigint not null default 0,
  primary key (shard, key, param, low, high, unit)
);
create index range_by_low on store.range (param, low, high);

-- Ids that a client chose itself (PUT [type]/[id]): where that resource lies.
create table store.client_id (
  key bigint primary key,
  shard int2 not null
);
