create schema erasure;

-- Erasures of a resident's data: who asked, who agreed, why, and what is left as proof. Nothing in here tells whose data it was but a number
-- that stands for nobody any more.
create table erasure.request (
  id bigint generated always as identity primary key,
  resident bigint not null,
  reason text not null,
  asked_by text not null,
  asked_at timestamptz not null,
  agreed_by text,
  agreed_at timestamptz,
  state text not null default 'asked' check (state in ('asked', 'erasing', 'done', 'lifted')),
  versions int,
  messages int,
  sm3 text,
  done_at timestamptz,
  lifted_by text,
  lifted_at timestamptz
);
create unique index request_open on erasure.request (resident) where state in ('asked', 'erasing');
