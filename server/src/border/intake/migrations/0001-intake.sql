create schema intake;

-- One value is a block of a thousand message ids.
create sequence intake.message_block;

-- Every message as it came, before it is acknowledged, for ever. Never updated.
create table intake.message (
  id bigint primary key,
  received_at timestamptz not null,
  sent_at timestamptz,
  institution int,
  sender text not null,
  protocol text not null,
  kind text not null,
  control_id text not null,
  -- What makes two messages the same one: hash of sender and control id, or of the content where there is no control id.
  dedupe bigint not null,
  content_sm3 text not null,
  charset text not null,
  raw bytea not null,
  acknowledgement text not null,
  trace text not null
);
create unique index message_dedupe on intake.message (dedupe);
create index message_by_time on intake.message (received_at desc, id desc);
create index message_by_institution on intake.message (institution, received_at desc);
create index message_by_control_id on intake.message (control_id);

-- Acknowledged, and not yet in the record. A row is here from the message's commit until the commit that writes its facts.
create table intake.waiting (
  message bigint primary key,
  since timestamptz not null
);

-- What became of it: the newest verdict. Repairs (replayed, corrected, dismissed) are in intake.event.
create table intake.outcome (
  message bigint primary key,
  institution int,
  received_at timestamptz not null,
  state text not null check (state in ('done', 'held', 'refused', 'replayed', 'dismissed')),
  rule text,
  path text,
  zh text,
  en text,
  issues jsonb not null,
  unmapped jsonb not null,
  written jsonb not null,
  tries int not null,
  at timestamptz not null
);
create index outcome_by_state on intake.outcome (state, received_at desc, message desc) where state <> 'done';
create index outcome_by_rule on intake.outcome (rule, received_at desc) where rule is not null;

-- A text corrected by hand is kept beside the original, never over it.
create table intake.correction (
  message bigint not null,
  number int not null,
  raw bytea not null,
  by text not null,
  reason text not null,
  at timestamptz not null,
  primary key (message, number)
);

create table intake.event (
  message bigint not null,
  seq bigint generated always as identity,
  at timestamptz not null,
  who text not null,
  what text not null,
  note text not null default '',
  primary key (message, seq)
);

-- Received again: the same message, or the same control id with other content (kept, because nothing is lost).
create table intake.again (
  message bigint not null,
  at timestamptz not null,
  content_sm3 text not null,
  raw bytea
);
create index again_by_message on intake.again (message, at);

-- What arrives and has no place in the record yet, with how often and when last.
create table intake.unmapped (
  institution int not null,
  protocol text not null,
  kind text not null,
  path text not null,
  count bigint not null,
  last_at timestamptz not null,
  primary key (institution, protocol, kind, path)
);

-- Totals per institution and hour for the connection page.
create table intake.hourly (
  institution int not null,
  protocol text not null,
  hour timestamptz not null,
  taken int not null default 0,
  delay_seconds double precision not null default 0,
  primary key (institution, protocol, hour)
);
