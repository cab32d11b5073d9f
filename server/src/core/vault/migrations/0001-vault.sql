create schema vault;

-- The platform's two keys, wrapped (AES-256-GCM) under a key that is derived from HUTONG_SECRET and never stored: 'root', from which every data key is
-- derived, and 'index', the key of blind indexes. Whoever holds only the database, or a copy of it, can open nothing.
create table vault.key (
  purpose text primary key check (purpose in ('root', 'index')),
  id bytea not null,
  wrapped bytea not null,
  made_at timestamptz not null default now()
);
