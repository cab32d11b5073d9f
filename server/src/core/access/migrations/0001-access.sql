create schema access;

-- "Break glass": opening a record without a care relationship, for a stated reason and a short time; every use is to be reviewed.
create table access.break_glass (
  id bigint generated always as identity primary key,
  agent text not null,
  institution int,
  resident bigint not null,
  reason_code text not null,
  reason text not null,
  opened_at timestamptz not null,
  until timestamptz not null,
  reviewed_at timestamptz,
  reviewed_by text
);
create index break_glass_open on access.break_glass (agent, resident, until);
