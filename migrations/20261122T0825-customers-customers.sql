-- A customer (person, household, enterprise) owns lines. Cadence, caps, birthday and cooling-off count per customer;
-- do-not-call and number health count per line (CUS-1).
create schema customers;

create table customers.customer (
  id bigint generated always as identity primary key,
  -- 客户编码: joins the lines of one customer; a line without one is its own customer.
  customer_no text unique,
  name text,
  gender text check (gender in ('male', 'female')),
  star_level smallint not null default 0 check (star_level between 0 and 7),
  tier text check (tier in ('diamond', 'gold', 'silver', 'member', 'ordinary')),
  class text not null default 'individual' check (class in ('individual', 'household', 'enterprise')),
  province text,
  city text,
  district text,
  -- A birthday may lack its year. Lunar month and day are those of the lunar calendar; a leap month keeps its flag.
  birth_year smallint,
  birth_month smallint check (birth_month between 1 and 12),
  birth_day smallint check (birth_day between 1 and 31),
  birth_calendar text not null default 'solar' check (birth_calendar in ('solar', 'lunar')),
  birth_leap boolean not null default false,
  -- The customer said it in person: no feed may set it back (CUS-3).
  birth_told boolean not null default false,
  joined_on date,
  -- active while any line is active; kept by the commands and merges that write lines.
  status text not null default 'active' check (status in ('active', 'suspended', 'churned')),
  sms_consent boolean,
  call_consent boolean,
  manager_id bigint references staff.app_user,
  -- The unit whose scope the customer is in: the manager's, else the uploader's.
  org_unit_id bigint not null references staff.org_unit,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index customer_manager on customers.customer (manager_id, star_level desc, id);
create index customer_birthday on customers.customer (birth_month, birth_day);
create index customer_name on customers.customer (name text_pattern_ops);

create table customers.line (
  id bigint generated always as identity primary key,
  customer_id bigint not null references customers.customer,
  -- E.164
  number text not null unique,
  kind text not null default 'main' check (kind in ('main', 'secondary', 'other')),
  package text,
  arpu_fen integer,
  contract_end date,
  status text not null default 'active' check (status in ('active', 'suspended', 'churned')),
  health text not null default 'good' check (health in ('good', 'suspended', 'invalid')),
  health_at timestamptz,
  actual_user_name text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index line_customer on customers.line (customer_id);
-- "last four digits" search
create index line_last_four on customers.line (right(number, 4));

create table customers.star_change (
  id bigint generated always as identity primary key,
  customer_id bigint not null references customers.customer,
  line_id bigint not null references customers.line,
  old_star smallint not null,
  new_star smallint not null,
  changed_on date not null,
  created_at timestamptz not null,
  unique (line_id, changed_on)
);
create index star_change_customer on customers.star_change (customer_id, changed_on desc);

create table customers.roaming_use (
  id bigint generated always as identity primary key,
  customer_id bigint not null references customers.customer,
  line_id bigint not null references customers.line,
  -- First day of the month of use.
  month date not null,
  destination text not null default '',
  days smallint,
  fee_fen integer,
  returned_on date,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (line_id, month, destination)
);
create index roaming_use_month on customers.roaming_use (month, customer_id);

-- Every collected field with who learned it, when and in which call; the newest row of a field is its value (CUS-2, CUS-3).
create table customers.profile_fact (
  id bigint generated always as identity primary key,
  customer_id bigint not null references customers.customer,
  field text not null,
  value text,
  old_value text,
  note text,
  -- An apology was made for the old value (CUS-3).
  apologised boolean not null default false,
  learned_by bigint references staff.app_user,
  learned_at timestamptz not null,
  attempt_id uuid
);
create index profile_fact_newest on customers.profile_fact (customer_id, field, id desc);

create view customers.v_customer as
select c.id, c.customer_no, c.name, c.gender, c.star_level, c.tier, c.class, c.province, c.city, c.district,
       c.birth_year, c.birth_month, c.birth_day, c.birth_calendar, c.birth_leap, c.joined_on, c.status,
       c.sms_consent, c.call_consent, c.manager_id, c.org_unit_id, c.created_at
from customers.customer c;

create view customers.v_line as
select l.id, l.customer_id, l.number, l.kind, l.package, l.arpu_fen, l.contract_end, l.status, l.health
from customers.line l;

-- The line a customer is reached on: active before others, main before secondary, healthy before doubtful, the oldest first.
create view customers.v_contact_line as
select distinct on (l.customer_id) l.customer_id, l.id as line_id, l.number, l.package, l.arpu_fen, l.status, l.health
from customers.line l
order by l.customer_id, (l.health = 'invalid'), (l.status = 'active') desc, (l.kind = 'main') desc, l.id;

create view customers.v_star_change as
select id, customer_id, line_id, old_star, new_star, changed_on from customers.star_change;

create view customers.v_roaming_use as
select customer_id, line_id, month, destination, days, fee_fen, returned_on from customers.roaming_use;
