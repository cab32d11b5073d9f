-- Topic-based subscriptions, as they work: the resource itself lies in the record. `caller` is under whose eyes (role, permissions, scopes), `sealed`
-- where to and what for (endpoint, headers, filters: they may hold tokens and numbers). `last_number` is the newest event, `sent_number` the newest that the
-- endpoint has taken. Events of transactions before `since` are not its own. `lease`: somebody is sending; past it, anybody may.
create table fhir.subscription (
  id text primary key,
  version int not null,
  client text not null,
  institution int not null,
  caller jsonb not null,
  base text not null,
  trace text not null,
  topic text not null,
  channel text not null check (channel in ('rest-hook', 'websocket')),
  payload text not null,
  content text not null check (content in ('empty', 'id-only', 'full-resource')),
  sealed bytea not null,
  heartbeat int,
  timeout int not null,
  max_count int not null,
  ends timestamptz,
  status text not null check (status in ('requested', 'active', 'error', 'off')),
  error text,
  shaken boolean not null default false,
  since xid8 not null default pg_current_xact_id(),
  last_number bigint not null default 0,
  sent_number bigint not null default 0,
  failures int not null default 0,
  failing_since timestamptz,
  next_at timestamptz,
  last_sent timestamptz,
  lease timestamptz
);

-- What a subscription is told of, by names alone; content is read when it is sent. A version is told once.
create table fhir.subscription_event (
  subscription text not null references fhir.subscription on delete cascade,
  number bigint not null,
  at timestamptz not null,
  key bigint not null,
  type int2 not null,
  id text not null,
  version int not null,
  subject bigint,
  deleted boolean not null,
  primary key (subscription, number),
  unique (subscription, key, version)
);
create index subscription_event_at on fhir.subscription_event (at);
create index subscription_event_subject on fhir.subscription_event (subject) where subject is not null;

-- How far the feed was matched: a replay from its start tells nobody anything anew.
create table fhir.subscription_matched (one boolean primary key default true check (one), xid xid8 not null);

-- Tokens that bind a websocket to subscriptions, by their hash alone.
create table fhir.subscription_token (
  hash bytea primary key,
  client text not null,
  institution int not null,
  subscriptions text[] not null,
  expires timestamptz not null
);
