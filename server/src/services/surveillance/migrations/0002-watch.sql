-- The watch reads counts by day over all areas: situation, map, bulletin.
create index cell_by_day on surveillance.cell (day, channel) include (topic, area, n);
create index finding_by_day on surveillance.finding (day);
create index submitted_by_day on surveillance.submitted (day);
create index heard_by_day on surveillance.heard (day, channel);
create index signal_by_formed on surveillance.signal (formed);

-- Denominators: registered residents of the index, counted nightly; official figures that an administrator entered win.
create table surveillance.population (
  area text not null,
  source text not null check (source in ('registered', 'official')),
  valid_from date not null,
  n bigint not null check (n >= 0),
  note text,
  agent text not null,
  at timestamptz not null,
  primary key (area, source, valid_from)
);

-- Versions of a rule; never changed. `back_test` is what was seen before anybody could enable it.
create table surveillance.rule (
  id bigint generated always as identity primary key,
  channel text not null,
  topic text not null,
  area text not null,
  version int not null,
  settings jsonb not null,
  note text,
  back_test jsonb,
  agent text not null,
  at timestamptz not null,
  unique (channel, topic, area, version)
);
-- What people did with them: the newest act that is not undone says what is in force.
create table surveillance.rule_act (
  seq bigint generated always as identity primary key,
  channel text not null,
  topic text not null,
  area text not null,
  act text not null check (act in ('enable', 'disable', 'undo')),
  rule bigint references surveillance.rule,
  reason text not null,
  agent text not null,
  role text not null,
  at timestamptz not null
);
create index rule_act_by_scope on surveillance.rule_act (channel, topic, area, seq);
create table surveillance.rule_in_force (
  channel text not null,
  topic text not null,
  area text not null,
  rule bigint not null references surveillance.rule,
  primary key (channel, topic, area)
);

-- What the jobs worked out last; readings that can be made again at any time.
create table surveillance.estimate (
  disease text not null,
  area text not null,
  made_at timestamptz not null,
  body jsonb not null,
  primary key (disease, area)
);
create table surveillance.scan (
  topic text not null,
  model text not null,
  made_at timestamptz not null,
  clusters jsonb not null,
  primary key (topic, model)
);
create table surveillance.watched (job text primary key, at timestamptz not null, day date not null);

-- Outbreaks that became known by other ways than a signal: without them nobody can say how sensitive detection is.
create table surveillance.missed_outbreak (
  id bigint generated always as identity primary key,
  disease text not null,
  area text not null,
  began date not null,
  note text not null,
  agent text not null,
  role text not null,
  at timestamptz not null
);
