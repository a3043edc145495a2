-- The health of a customer (CUS-5): healthy, sub-healthy, high-risk, each with its reasons; and what it was before.
create table retention.health (
  customer_id bigint primary key references customers.customer,
  tier text not null check (tier in ('healthy', 'sub-healthy', 'high-risk')),
  -- [{"code": "score", "level": "high", "percent": 82}], the gravest rule first; empty for healthy
  reasons jsonb not null,
  -- since when it has been of this tier
  since date not null
);
create index health_tier on retention.health (tier, customer_id) where tier <> 'healthy';

create table retention.health_change (
  id bigint generated always as identity primary key,
  customer_id bigint not null references customers.customer,
  from_tier text,
  tier text not null,
  reasons jsonb not null,
  on_day date not null
);
create index health_change_customer on retention.health_change (customer_id, id desc);

-- The rules in force: what was chosen over what the product brings, as a whole a version.
create table retention.health_rule (
  version integer primary key,
  chosen jsonb not null,
  made_by bigint references staff.app_user,
  made_at timestamptz not null
);
insert into retention.health_rule values (1, '{}', null, now());
