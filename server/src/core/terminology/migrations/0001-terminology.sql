create schema terminology;

-- One row per edition of a code system; editions of one uri live side by side.
create table terminology.code_system (
  uri text not null,
  version text not null,
  valid_from date not null,
  valid_to date,
  zh text not null,
  en text not null,
  source text not null,
  primary key (uri, version),
  check (valid_to is null or valid_to >= valid_from)
);

-- valid_from and valid_to are inclusive days in Asia/Shanghai.
create table terminology.concept (
  system text not null,
  version text not null,
  code text not null,
  valid_from date not null,
  valid_to date,
  zh text not null,
  en text not null,
  properties jsonb not null default '{}',
  primary key (system, version, code, valid_from),
  foreign key (system, version) references terminology.code_system (uri, version) on delete cascade,
  check (valid_to is null or valid_to >= valid_from)
);

create table terminology.value_set (
  url text primary key,
  zh text not null,
  en text not null,
  include jsonb not null
);

create table terminology.unit (
  written text primary key,
  ucum text not null
);

-- institution '' holds the crosswalks between standard systems; any other is the local table of that institution.
create table terminology.map (
  institution text not null,
  source_system text not null,
  source_code text not null,
  target_system text not null,
  target_code text not null,
  equivalence text not null check (equivalence in ('equivalent', 'wider', 'narrower', 'inexact')),
  valid_from date not null,
  valid_to date,
  display text,
  unit text,
  set_by text not null,
  set_at timestamptz not null default now(),
  primary key (institution, source_system, source_code, target_system, target_code, valid_from),
  check (valid_to is null or valid_to >= valid_from)
);

-- What was loaded from the data files, so that loading the same content again does nothing.
create table terminology.loaded (
  name text primary key,
  sha256 text not null,
  loaded_at timestamptz not null default now()
);
