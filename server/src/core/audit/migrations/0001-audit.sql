create schema audit;

-- Who did what to whose data. Written in the same transaction as a change, and before the answer of a read.
-- xid lets the sealer take rows in commit order without a lock: what is below the oldest running transaction is final.
create table audit.entry (
  seq bigint generated always as identity primary key,
  xid xid8 not null default pg_current_xact_id(),
  at timestamptz not null,
  agent text not null,
  role text not null,
  institution int,
  action text not null check (action in ('create', 'read', 'update', 'delete', 'search', 'export', 'login', 'refused')),
  what text not null,
  subject bigint,
  resident bigint,
  ground text not null,
  break_glass boolean not null default false,
  trace text not null
);
create index entry_by_resident on audit.entry (resident, seq desc) where resident is not null;
create index entry_by_subject on audit.entry (subject, seq desc) where subject is not null;
create index entry_by_xid on audit.entry (xid, seq);

-- The chain: each block hashes its rows and the block before it with SM3, so no row can be changed, dropped or slipped in later.
create table audit.block (
  number bigint primary key,
  last_xid xid8 not null,
  last_seq bigint not null,
  rows int not null,
  previous text not null,
  hash text not null,
  sealed_at timestamptz not null default now()
);
