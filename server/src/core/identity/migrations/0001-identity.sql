create schema identity;

-- A resident: an id that never changes and says nothing. For a number it is derived from the number, otherwise from the first
-- source identity, so that two messages at the same instant make the same resident.
create table identity.resident (
  id bigint primary key,
  shard int2 not null,
  made_at timestamptz not null default now()
);

-- A person as one institution knows them. Clinical rows point here (subject), and this row points to the resident: linking
-- people moves this pointer and rewrites no clinical row.
create table identity.source (
  id bigint primary key,
  shard int2 not null,
  institution int not null,
  authority text not null,
  local_id text not null,
  resident bigint not null references identity.resident,
  -- Set when this identity was retired in favour of another one of the same institution (HL7 v2 A40).
  merged_into bigint,
  merged_stamp text,
  number text,
  number_stamp text,
  how text not null,
  name text,
  name_folded text,
  sex text,
  birth_date text,
  phone text,
  address text,
  area text,
  ethnic_group text,
  deceased text,
  stamp text not null default '',
  since timestamptz not null default now(),
  last_at timestamptz not null default now(),
  version int not null default 1
);
create index source_by_resident on identity.source (resident);
create index source_by_merge on identity.source (merged_into) where merged_into is not null;
create index source_by_number on identity.source (number) where number is not null;
create index source_by_phone on identity.source (phone) where phone is not null;
create index source_by_name on identity.source (name_folded text_pattern_ops) where name_folded is not null;
create index source_by_local_id on identity.source (local_id);

-- Every decision about who is who: replayable, and shown on the record.
create table identity.decision (
  seq bigint generated always as identity primary key,
  at timestamptz not null default now(),
  source bigint not null,
  from_resident bigint,
  to_resident bigint not null,
  rule text not null,
  message bigint
);
create index decision_by_source on identity.decision (source);
