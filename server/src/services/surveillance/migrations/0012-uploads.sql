-- What departments sent, taken or refused: the console shows each file with what became of it.
create table surveillance.upload (
  id uuid primary key,
  at timestamptz not null,
  agreement text not null references surveillance.agreement,
  channel text not null,
  lines int not null,
  created int not null default 0,
  revised int not null default 0,
  unchanged int not null default 0,
  -- Lines that still carry the code of an area that was merged or renamed.
  former int not null default 0,
  -- Places that were not valid: nothing of the file was stored then. The first of them in words; no counts, no persons.
  refused int not null default 0,
  problems jsonb not null default '[]'
);
create index upload_by_at on surveillance.upload (at desc);
