-- Somebody showed a code at a counter: from then on that institution is expected to send something about them. A reading of the event feed.
create table health_code.expected_visit (
  subject bigint not null,
  institution int not null,
  at timestamptz not null,
  shard int2 not null,
  -- Whose record it was at the scan; a later link moves the pointer, not this row.
  resident bigint not null,
  step text not null,
  channel text not null,
  kind text not null,
  -- When the institution first sent something about the person after the scan.
  met_at timestamptz,
  primary key (subject, institution, at)
);
create index expected_visit_open on health_code.expected_visit (institution, resident) where met_at is null;
create index expected_visit_by_time on health_code.expected_visit (at);
