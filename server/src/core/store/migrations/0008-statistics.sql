-- What autovacuum does to tables that grow by the thousand a second: it looks at them long before a fifth of the rows is new, and keeps the visibility map.
alter table store.resource set (autovacuum_analyze_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.1);
alter table store.string set (autovacuum_analyze_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.1);
alter table store.range set (autovacuum_analyze_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.1);
-- Nobody asks for these by value, and reading them is half the work of an analysis.
alter table store.resource alter column id set statistics 0, alter column body set statistics 0, alter column sealed set statistics 0, alter column stamps set statistics 0;
