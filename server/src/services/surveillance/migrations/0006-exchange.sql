-- Exchange with police, customs and other departments: what each may send and receive, field by field, and what went over.
create table surveillance.exchange_agreement (
  id text primary key,
  client text not null,
  department text not null,
  direction text not null,
  kinds text[] not null,
  fields text[] not null,
  purpose text not null,
  valid_from date not null,
  valid_to date,
  agent text not null,
  at timestamptz not null
);
create table surveillance.exchanged (
  id text primary key,
  agreement text not null references surveillance.exchange_agreement,
  kind text not null,
  key text not null,
  area text not null,
  day date,
  -- What does not identify a person, as it came; the rest lies sealed.
  shown jsonb not null,
  sealed bytea,
  state text not null,
  item text,
  version int not null default 1,
  received timestamptz not null,
  unique (agreement, kind, key)
);
create index exchanged_by_state on surveillance.exchanged (state, received desc);
create table surveillance.exchange_log (
  seq bigint generated always as identity primary key,
  agreement text not null,
  direction text not null,
  kind text not null,
  rows int not null,
  created int not null,
  revised int not null,
  unchanged int not null,
  agent text not null,
  at timestamptz not null
);
create index exchange_log_by_agreement on surveillance.exchange_log (agreement, seq desc);
