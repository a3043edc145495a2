-- When a file told the status of customers, and of which unit: whether somebody is still a customer on a day is known by a file of that day or later (RET-3).
create table customers.status_feed (
  id bigint generated always as identity primary key,
  org_unit_id bigint not null references staff.org_unit,
  told_at timestamptz not null
);
create index status_feed_told on customers.status_feed (told_at desc);
create view customers.v_status_feed as select org_unit_id, told_at from customers.status_feed;
