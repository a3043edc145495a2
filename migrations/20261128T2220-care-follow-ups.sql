-- What somebody asks the customer to be called about once it is over: a service, an order, a complaint, a fault (CAR-9).
create table care.follow_up (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('service', 'order', 'complaint', 'fault')),
  -- the number of the order or ticket
  reference text not null,
  customer_id bigint not null references customers.customer,
  closed_on date not null,
  asked_at timestamptz not null,
  -- it is open again after all: nobody is to be asked
  withdrawn_at timestamptz,
  unique (kind, reference)
);
create index follow_up_customer on care.follow_up (customer_id);
create index follow_up_closed on care.follow_up (closed_on) where withdrawn_at is null;
