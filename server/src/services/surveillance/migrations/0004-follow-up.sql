-- Contacts of cases, who infected whom, and key people, places and things with their tasks. What identifies a person lies sealed.
create table surveillance.contact (
  id text primary key,
  anchor bigint not null,
  disease text not null,
  sealed bytea not null,
  -- Blind index of the document number or, without one, of the telephone: the same person twice is found without opening.
  person bytea,
  relation text not null,
  setting text not null,
  last_exposure date not null,
  until date not null,
  state text not null,
  became text,
  created_by text not null,
  created_at timestamptz not null,
  version int not null default 1
);
create index contact_by_card on surveillance.contact (anchor, disease);
create index contact_watched on surveillance.contact (until) where state = 'watching';
create unique index contact_once on surveillance.contact (anchor, disease, person) where person is not null;
create table surveillance.contact_visit (
  contact text not null references surveillance.contact,
  day date not null,
  result text not null,
  temperature double precision,
  note text,
  agent text not null,
  at timestamptz not null,
  primary key (contact, day)
);

create table surveillance.transmission (
  to_anchor bigint not null,
  disease text not null,
  from_anchor bigint not null,
  basis text not null,
  note text,
  agent text not null,
  at timestamptz not null,
  primary key (to_anchor, disease)
);
create index transmission_from on surveillance.transmission (from_anchor, disease);

create table surveillance.key_item (
  id text primary key,
  kind text not null,
  category text not null,
  -- A place or a thing by its name; a person only sealed.
  label text,
  sealed bytea,
  area text not null,
  reason text not null,
  card text,
  signal text,
  source text not null,
  state text not null,
  created_by text not null,
  created_at timestamptz not null
);
create index key_item_by_state on surveillance.key_item (state, kind, created_at desc);
create table surveillance.task (
  id text primary key,
  item text not null references surveillance.key_item,
  title text not null,
  due date not null,
  state text not null,
  result text,
  done_by text,
  done_at timestamptz,
  created_by text not null,
  created_at timestamptz not null
);
create index task_by_item on surveillance.task (item);
create index task_open on surveillance.task (due) where state = 'open';
