create schema events;

-- What happened, in order. The order is (xid, seq): a reader takes only rows below the oldest transaction still running,
-- so it never passes over a row that commits late, and no writer waits for another.
create table events.feed (
  xid xid8 not null default pg_current_xact_id(),
  seq bigint generated always as identity,
  at timestamptz not null,
  kind text not null,
  shard int2 not null,
  subject bigint,
  institution int,
  payload jsonb not null,
  primary key (xid, seq)
);

create table events.consumer (
  name text primary key,
  xid xid8 not null default '0',
  seq bigint not null default 0,
  handled bigint not null default 0,
  tries int not null default 0,
  retry_at timestamptz,
  last_error text,
  last_at timestamptz
);

create table events.dead_letter (
  consumer text not null references events.consumer,
  xid xid8 not null,
  seq bigint not null,
  error text not null,
  tries int not null,
  at timestamptz not null default now(),
  primary key (consumer, xid, seq)
);
