-- Tables of registrations that came as one file. The id is a hash of institution, mapping and content: the same file again is the same batch.
create table intake.batch (
  id bigint primary key,
  institution int not null,
  by_id text not null,
  at timestamptz not null,
  file_name text not null,
  mapping text not null,
  -- Sealed: mapping and bytes, until every row has been taken; each row is then kept as the message that it is.
  sealed bytea,
  bytes int not null,
  state text not null check (state in ('running', 'done', 'unreadable')),
  rows int not null default 0,
  finished_at timestamptz,
  lease timestamptz
);
create index batch_by_institution on intake.batch (institution, at desc);
create index batch_unfinished on intake.batch (at) where state = 'running';

-- What became of each row at its arrival, the last one known first: what is done is not done again after a restart.
create table intake.batch_row (
  batch bigint not null,
  row int not null,
  line int not null,
  outcome text not null,
  message bigint,
  rules text[] not null,
  primary key (batch, row)
);
