-- The three products of an alert (国疾控监测发〔2025〕11号), drafted from its facts, edited, signed by another hand, issued.
create table surveillance.product (
  id text primary key,
  signal text not null references surveillance.signal,
  kind text not null,
  state text not null,
  number text unique,
  title text not null,
  body text not null,
  audience text not null,
  level text not null,
  valid_to date,
  drafted_by text not null,
  drafted_at timestamptz not null,
  signed_by text,
  signed_at timestamptz,
  version int not null default 1
);
create index product_by_signal on surveillance.product (signal);
create index product_by_state on surveillance.product (state, drafted_at desc);
create table surveillance.product_act (
  seq bigint generated always as identity primary key,
  product text not null references surveillance.product,
  act text not null,
  note text,
  title text,
  body text,
  agent text not null,
  role text not null,
  at timestamptz not null
);
create index product_act_by_product on surveillance.product_act (product, seq);
create table surveillance.product_number (
  kind text not null,
  year int not null,
  last int not null,
  primary key (kind, year)
);

-- Who is told of what, and every telling until it has arrived. A notification names kinds and places, never a person.
create table surveillance.hook (
  id text primary key,
  name text not null,
  url text not null,
  secret bytea not null,
  events text[] not null,
  area text,
  active bool not null default true,
  created_by text not null,
  created_at timestamptz not null
);
create table surveillance.push_subscription (
  id text primary key,
  login text not null,
  institution int,
  -- The address of a browser and its keys are personal: sealed as one.
  sealed bytea not null,
  events text[] not null,
  created_at timestamptz not null
);
create table surveillance.push_key (
  one bool primary key default true check (one),
  public_key text not null,
  private_key bytea not null
);
create table surveillance.delivery (
  seq bigint generated always as identity primary key,
  id text not null unique,
  hook text,
  subscription text,
  event text not null,
  payload jsonb not null,
  state text not null,
  tries int not null default 0,
  next_at timestamptz not null,
  status text,
  created_at timestamptz not null,
  done_at timestamptz
);
create index delivery_due on surveillance.delivery (next_at) where state = 'waiting';
create index delivery_by_hook on surveillance.delivery (hook, seq desc);
