-- Whose login a resident's is: the source identity, which never changes. The password lies in gateway.account as everybody's does.
create table gateway.resident_account (
  login text primary key,
  subject bigint not null,
  made_at timestamptz not null default now()
);
