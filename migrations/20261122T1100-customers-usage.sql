-- Package use and bills as the operator's systems tell them, a row a line and month; read by retention and by offers.
alter table customers.star_change add column updated_at timestamptz;

create table customers.package_use (
  id bigint generated always as identity primary key,
  customer_id bigint not null references customers.customer,
  line_id bigint not null references customers.line,
  -- First day of the month of use.
  month date not null,
  data_quota_mb integer,
  data_used_mb integer,
  voice_quota_min integer,
  voice_used_min integer,
  extra_fee_fen integer,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (line_id, month)
);
create index package_use_customer on customers.package_use (customer_id, month desc);

create table customers.bill (
  id bigint generated always as identity primary key,
  customer_id bigint not null references customers.customer,
  line_id bigint not null references customers.line,
  month date not null,
  amount_fen integer not null,
  items text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (line_id, month)
);
create index bill_customer on customers.bill (customer_id, month desc);

create view customers.v_package_use as
select customer_id, line_id, month, data_quota_mb, data_used_mb, voice_quota_min, voice_used_min, extra_fee_fen from customers.package_use;

create view customers.v_bill as
select customer_id, line_id, month, amount_fen, items from customers.bill;
