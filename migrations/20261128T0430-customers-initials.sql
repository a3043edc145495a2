-- The first letters of a name's pinyin (陈志远 → czy), written with the name: working them out in SQL costs more than the rest of a row's import.
alter table customers.customer add column name_initials text;
create index customer_initials on customers.customer (name_initials text_pattern_ops);

-- names that stand there already get theirs in the background
insert into platform.outbox (job, payload, run_at, created_at)
select 'customers.initials', '{}', now(), now() where exists (select from customers.customer where name is not null);
