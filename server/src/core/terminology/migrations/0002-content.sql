-- Whether the platform carries every code of the standard; null: a part of it.
alter table terminology.code_system add column content text check (content = 'complete');
