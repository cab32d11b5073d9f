create schema health_code;

-- People are named by their source identity (`subject`): it never changes, while the resident it points to may. Every table that grows with
-- people carries the shard of that identity.

-- A national e-health card. What it says (document, name, telephone) lies sealed; document and card ids are found by keyed indexes.
create table health_code.card (
  id bigint generated always as identity primary key,
  shard int2 not null,
  subject bigint not null,
  document_index bytea not null,
  sealed bytea not null,
  -- 0 cancelled, 1 normal, 2 to be reviewed, 3 rejected, 4 certified without QR (5, unregistered, is the absence of a row)
  state int2 not null check (state between 0 and 4),
  institution int not null,
  made_by text not null,
  made_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  version int not null default 1
);
create unique index card_in_force on health_code.card (document_index) where state in (1, 4);
create index card_by_document on health_code.card (document_index);
create index card_by_subject on health_code.card (subject);

-- Every card id a card has had: a corrected name makes a new one, and codes printed under the old one go on resolving until they are revoked.
create table health_code.card_name (
  card_index bytea primary key,
  card bigint not null references health_code.card,
  valid_from timestamptz not null default now(),
  valid_to timestamptz,
  -- Set when the resident reports it lost: its static code is never taken again.
  lost_at timestamptz
);
create index card_name_by_card on health_code.card_name (card);

-- National dynamic codes that were issued here and may still be shown: the only defence against a time block copied onto another card id.
create table health_code.issued (
  key bytea primary key,
  card bigint not null,
  until timestamptz not null
);
create index issued_by_end on health_code.issued (until);

-- Codes that were used; kept until they would have expired anyway. The primary key is what lets exactly one of two scans win.
create table health_code.spent (
  key bytea primary key,
  until timestamptz not null
);
create index spent_by_end on health_code.spent (until);

-- The name of a person inside our own codes: random, says nothing, and is replaced when the codes are revoked.
create table health_code.handle (
  handle bytea primary key,
  shard int2 not null,
  subject bigint not null,
  -- 'live' codes or one 'printed' code
  use text not null check (use in ('live', 'printed')),
  made_at timestamptz not null default now(),
  until timestamptz,
  revoked_at timestamptz
);
create unique index handle_live on health_code.handle (subject) where use = 'live' and revoked_at is null;
create index handle_by_subject on health_code.handle (subject);
create index handle_revoked on health_code.handle (revoked_at) where revoked_at is not null;

-- People without papers yet: a random id at the institution that gave it.
create table health_code.temporary (
  id_index bytea primary key,
  shard int2 not null,
  subject bigint not null,
  institution int not null,
  made_at timestamptz not null default now(),
  until timestamptz not null
);

-- Who may show whose code.
create table health_code.proxy (
  id bigint generated always as identity primary key,
  shard int2 not null,
  holder bigint not null,
  subject bigint not null,
  relation text not null check (relation in ('parent', 'guardian', 'child', 'spouse', 'carer')),
  bound_by text not null,
  institution int,
  since timestamptz not null default now(),
  ended_at timestamptz,
  ended_by text
);
create unique index proxy_open on health_code.proxy (holder, subject) where ended_at is null;
create index proxy_by_subject on health_code.proxy (subject) where ended_at is null;

-- Every scan and every reported use, the refused ones too: shown to the resident.
create table health_code.scan (
  seq bigint generated always as identity primary key,
  shard int2 not null,
  at timestamptz not null,
  subject bigint not null,
  presented_by bigint,
  institution int,
  agent text not null,
  kind text not null,
  channel text not null,
  step text not null,
  terminal text,
  refusal text,
  permitted text[] not null
);
create index scan_by_subject on health_code.scan (subject, seq desc);
