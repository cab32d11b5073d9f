create schema surveillance;

-- What one resource of the record means for surveillance. A reading: emptied and rebuilt from event 0 at any time.
create table surveillance.finding (
  shard int2 not null,
  key bigint not null,
  channel text not null,
  topic text not null,
  subject bigint not null,
  resident bigint not null,
  institution int not null,
  label int2 not null,
  area text not null,
  certainty text not null,
  code text not null,
  zh text not null,
  en text not null,
  at timestamptz not null,
  onset date,
  day date not null,
  received timestamptz not null,
  primary key (shard, key, channel, topic)
);
create index finding_by_key on surveillance.finding (key);
create index finding_by_subject on surveillance.finding (subject);
create index finding_by_resident on surveillance.finding (resident, topic);
create index finding_by_cell on surveillance.finding (channel, topic, day, area);

-- One report card per resident, disease and episode. Derived from findings and from what people decided (card_act).
create table surveillance.card (
  shard int2 not null,
  anchor bigint not null,
  disease text not null,
  resident bigint not null,
  subject bigint not null,
  institution int not null,
  institutions int[] not null,
  label int2 not null,
  area text not null,
  case_class text not null,
  at timestamptz not null,
  onset date,
  day date not null,
  received timestamptz not null,
  due timestamptz not null,
  keys bigint[] not null,
  state text not null,
  primary key (shard, anchor, disease)
);
create index card_by_resident on surveillance.card (resident, disease);
create index card_by_anchor on surveillance.card (anchor, disease);
create index card_by_cell on surveillance.card (disease, day, area);
create index card_by_due on surveillance.card (state, due);

-- What people did with a card: never emptied by a replay. `anchor` is any finding of the card at that time.
create table surveillance.card_act (
  seq bigint generated always as identity primary key,
  anchor bigint not null,
  disease text not null,
  act text not null,
  reason text,
  note text,
  fields jsonb,
  case_class text not null,
  agent text not null,
  role text not null,
  institution int,
  at timestamptz not null
);
create index card_act_by_anchor on surveillance.card_act (anchor, disease);

-- Counts per day, area and channel of the record; zero is the absence of a row, a gap is the absence of `heard`.
create table surveillance.cell (
  channel text not null,
  topic text not null,
  area text not null,
  day date not null,
  n int not null,
  primary key (channel, topic, area, day)
);
create table surveillance.heard (
  channel text not null,
  institution int not null,
  day date not null,
  primary key (channel, institution, day)
);

create table surveillance.agreement (
  id text primary key,
  client text not null,
  channel text not null,
  purpose text not null,
  valid_from date not null,
  valid_to date,
  agent text not null,
  at timestamptz not null
);

-- Counts of outside departments, bitemporal: a revision closes the row it replaces.
create table surveillance.submitted (
  seq bigint generated always as identity primary key,
  channel text not null,
  topic text not null,
  area text not null,
  day date not null,
  value double precision not null,
  agreement text not null references surveillance.agreement,
  upload uuid not null,
  known_from timestamptz not null,
  known_to timestamptz
);
create unique index submitted_current on surveillance.submitted (channel, topic, area, day, agreement) where known_to is null;

create table surveillance.signal (
  id text primary key,
  rule text not null,
  channel text not null,
  topic text not null,
  area text not null,
  window_from date not null,
  window_to date not null,
  formed timestamptz not null,
  evidence_at timestamptz not null,
  due timestamptz not null,
  evidence jsonb not null,
  score double precision not null,
  cards bigint[] not null,
  state text not null,
  step text not null,
  version int not null default 1
);
create index signal_by_score on surveillance.signal (state, score desc);
create index signal_by_cell on surveillance.signal (channel, topic, area, formed desc);
create table surveillance.signal_act (
  seq bigint generated always as identity primary key,
  signal text not null references surveillance.signal,
  act text not null,
  reason text,
  note text,
  agent text not null,
  role text not null,
  at timestamptz not null
);
create index signal_act_by_signal on surveillance.signal_act (signal, seq);

-- When counts last changed and when they were last judged: an intraday run without news is skipped.
create table surveillance.judged (
  one bool primary key default true check (one),
  changed timestamptz,
  judged timestamptz,
  nightly date
);
insert into surveillance.judged default values;
