-- Taken back because what it stood on changed: the next plan may make it again, unlike what an event has ended for good.
alter table care.due add column withdrawn boolean not null default false check (not withdrawn or state = 'cancelled');

-- What was taken back or moved, and why: append-only, told in the explanation and on the customer's page.
create table care.replan (
  id bigint generated always as identity primary key,
  customer_id bigint not null references customers.customer,
  rule_code text not null references care.rule,
  cycle text not null,
  why text not null,
  at timestamptz not null
);
create index replan_customer on care.replan (customer_id, at);
