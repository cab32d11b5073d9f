-- Messages lie sealed (core/vault); `bytes` is their length as they came. What an older program stored in clear is sealed beside the work.
alter table intake.message alter column raw drop not null, add column sealed bytea, add column bytes int;
update intake.message set bytes = octet_length(raw);
alter table intake.message alter column bytes set not null, alter column sealed set storage external;
alter table intake.again add column sealed bytea;
alter table intake.correction alter column raw drop not null, add column sealed bytea;
create index message_in_clear on intake.message (id) where raw is not null;
