-- A resident showed a live health code at an institution: its treating staff may open the record for the length of a visit.
create table access.presented_code (
  institution int not null,
  resident bigint not null,
  until timestamptz not null,
  primary key (institution, resident)
);
