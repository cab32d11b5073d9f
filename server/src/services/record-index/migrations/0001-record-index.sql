create schema record_index;

-- The resident's time-line: one row per visit, result, prescription … A reading of the record, rebuilt from event 0 at any time.
create table record_index.care_event (
  shard int2 not null,
  key bigint not null,
  subject bigint not null,
  institution int not null,
  label int2 not null,
  kind text not null,
  at timestamptz not null,
  recorded_at timestamptz,
  received_at timestamptz not null,
  zh text not null,
  en text not null,
  summary text,
  abnormal boolean not null default false,
  type int2 not null,
  id text not null,
  version int not null,
  message bigint,
  primary key (shard, key)
);
create index care_event_by_subject on record_index.care_event (subject, at desc, key);
