-- Bulk imports under way and finished. The uploaded lines lie outside, sealed; `progress` is how far they were taken: all that a server needs to go on where
-- another one stopped. `lease` is pushed on by whoever works; past it, anybody may take over.
create table fhir.import_job (
  id text primary key,
  client text not null,
  institution int not null,
  caller jsonb not null,
  base text not null,
  trace text not null,
  bytes bigint not null,
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
  progress jsonb not null,
  asked timestamptz not null,
  finished timestamptz,
  expires timestamptz,
  lease timestamptz,
  error text
);
create index import_job_to_do on fhir.import_job (asked) where state in ('waiting', 'running');
