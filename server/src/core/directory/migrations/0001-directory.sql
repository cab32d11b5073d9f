create schema directory;

-- Reference data: institutions do not grow with people, so these tables carry no shard key (they are copied to every shard).
create table directory.institution (
  id int generated always as identity primary key,
  code text not null unique,
  name_zh text not null,
  name_en text not null,
  tier int2 not null check (tier between 1 and 3),
  kind text not null,
  area text not null,
  registered_at timestamptz not null default now(),
  changed_at timestamptz not null default now()
);

-- How an institution talks to us. A sender is known by MSH-3/MSH-4, or by its OAuth client.
create table directory.sender (
  institution int not null references directory.institution,
  protocol text not null check (protocol in ('hl7v2-mllp', 'hl7v2-http', 'fhir', 'cda', 'files')),
  application text not null default '',
  facility text not null default '',
  client_id text,
  jwks jsonb,
  primary key (institution, protocol, application, facility)
);
create unique index sender_by_name on directory.sender (protocol, application, facility) where facility <> '';

create table directory.staff (
  login text primary key,
  name_zh text not null,
  name_en text not null,
  role text not null,
  institution int references directory.institution,
  active boolean not null default true
);
