create schema fhir;

-- Bulk exports under way and finished. `request` is what was asked for and under whose eyes, `progress` how far it is: both are all that a server needs
-- to go on where another one stopped. `lease` is pushed on by whoever works; past it, anybody may take over. Files lie outside, sealed.
create table fhir.export_job (
  id text primary key,
  client text not null,
  institution int,
  trace text not null,
  address text not null,
  request jsonb not null,
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
  progress jsonb not null,
  -- The instant that the export shows.
  asked timestamptz not null,
  finished timestamptz,
  expires timestamptz,
  lease timestamptz,
  error text
);
create index export_job_to_do on fhir.export_job (asked) where state in ('waiting', 'running');
