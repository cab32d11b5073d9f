-- Numbers that identify or reach a person lie sealed, with a keyed blind index for equality. The clear columns of older rows are sealed and emptied at
-- the next start (seal-older-rows.ts); nothing is written to them any more.
alter table identity.source
  alter column local_id drop not null,
  add column local_sealed bytea,
  add column local_index bytea,
  add column number_sealed bytea,
  add column number_index bytea,
  add column phone_sealed bytea,
  add column phone_index bytea,
  -- Other documents, and what the person was called and which numbers they had before: JSON, sealed as a whole.
  add column more_sealed bytea;
drop index identity.source_by_number;
drop index identity.source_by_phone;
drop index identity.source_by_local_id;
create index source_by_number on identity.source (number_index) where number_index is not null;
create index source_by_phone on identity.source (phone_index) where phone_index is not null;
create index source_by_local_id on identity.source (local_index);
create index source_in_clear on identity.source (id) where local_id is not null;

-- Decisions of people, of the engine and of institutions about who is who. Kept for ever: an undo is a further act, and marks what it undoes.
create table identity.act (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  kind text not null check (kind in ('link', 'separate', 'unsure', 'merge', 'split', 'unlink', 'undo')),
  by_kind text not null check (by_kind in ('staff', 'engine', 'institution')),
  by_id text not null,
  institution int,
  reason text,
  note_sealed bytea,
  model text,
  weight float8,
  pair bigint,
  left_sources bigint[] not null,
  right_sources bigint[] not null,
  -- Of an act that two people must make: who made the first half. In force only once confirmed.
  awaits_second boolean not null default false,
  confirms bigint references identity.act,
  undoes bigint references identity.act,
  undone_by bigint references identity.act
);
create index act_by_sources on identity.act using gin ((left_sources || right_sources));
create index act_by_time on identity.act (at desc);

-- What the acts in force say of two sources, in both directions. Derived from identity.act; rebuilt by replay.
create table identity.edge (
  a bigint not null,
  b bigint not null,
  act bigint not null references identity.act,
  says text not null check (says in ('one', 'two')),
  -- The engine's weight in bits; null: a person's word, which no weight overrules.
  weight float8,
  primary key (a, b, act)
);
create index edge_by_act on identity.edge (act);

alter table identity.decision add column act bigint references identity.act;
create index decision_by_former on identity.decision (from_resident, seq desc) where from_resident is not null;

-- Blocking keys: 64 bits of a keyed hash each, so that the table tells nothing to whoever has no key.
create table identity.match_key (
  key bigint not null,
  source bigint not null,
  primary key (key, source)
);
create index match_key_by_source on identity.match_key (source);
-- What each source looked like when it was last compared, and by which model.
create table identity.compared (
  source bigint primary key,
  digest bigint not null,
  model text not null
);
-- Blocks that were too large to look through: counted and shown, never silently left out.
create table identity.skipped_block (
  key bigint primary key,
  kind text not null,
  records int not null,
  times bigint not null default 1,
  last_at timestamptz not null default now()
);

create table identity.pair (
  id bigint generated always as identity primary key,
  a bigint not null,
  b bigint not null,
  state text not null check (state in ('open', 'awaiting-second', 'linked', 'separate', 'unsure', 'settled')),
  reason text not null,
  weight float8 not null,
  model text not null,
  found_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  act bigint references identity.act,
  version int not null default 1,
  unique (a, b),
  check (a < b)
);
create index pair_queue on identity.pair (state, weight desc, id);
create index pair_by_reason on identity.pair (state, reason, weight desc, id);
create index pair_by_b on identity.pair (b);
create index pair_by_age on identity.pair (state, found_at);

-- Models by version; the shipped one is written at start. At most one is in use.
create table identity.model (
  version text primary key,
  made_at timestamptz not null default now(),
  made_by text not null,
  based_on text,
  reason text,
  linked int not null default 0,
  separate int not null default 0,
  body jsonb not null,
  in_use boolean not null default false
);
create unique index model_in_use on identity.model (in_use) where in_use;

-- Institutions whose systems may trace: whoever may not gets one record, and only if it is unique.
create table identity.tracer (
  institution int primary key,
  since timestamptz not null default now(),
  by_id text not null
);
