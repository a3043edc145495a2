-- Endpoints that are told what happens (SYS-3). Address and secret are sealed, only the host is kept in clear.
create schema webhooks;

create table webhooks.endpoint (
  id uuid primary key,
  -- of whoever registered it: it hears of this unit and those below
  org_unit_id bigint not null references staff.org_unit,
  host text not null,
  -- address and secret; null: removed
  sealed bytea,
  seal_key_id text,
  events text[] not null check (cardinality(events) > 0),
  active boolean not null,
  -- the first failure since something arrived there
  failing_since timestamptz,
  -- it went off by itself, after failing for long
  disabled_at timestamptz,
  created_by bigint not null references staff.app_user,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  removed_at timestamptz,
  check ((sealed is null) = (removed_at is not null)),
  check ((sealed is null) = (seal_key_id is null)),
  check (disabled_at is null or not active)
);
create index endpoint_listening on webhooks.endpoint using gin (events) where active and removed_at is null;

create table webhooks.delivery (
  id uuid primary key,
  endpoint_id uuid not null references webhooks.endpoint,
  event text not null,
  -- what it tells of; a test tells of nothing
  thing text,
  body text not null,
  state text not null check (state in ('waiting', 'delivered', 'dead')),
  tries smallint not null default 0,
  status integer,
  -- the beginning of what the other side said
  answer text,
  reason text,
  created_at timestamptz not null,
  tried_at timestamptz,
  ended_at timestamptz,
  -- each endpoint hears of a thing once
  unique (endpoint_id, event, thing)
);
create index delivery_log on webhooks.delivery (endpoint_id, created_at desc, id desc);
create index delivery_old on webhooks.delivery (created_at);
create index delivery_waiting on webhooks.delivery (endpoint_id) where state = 'waiting';

-- What orders came to, once each time something was told of one: by a file, by hand, by the customer's answer.
create view calls.v_closed_order as
select s.id, s.attempt_id, s.campaign_id, s.customer_id, s.order_no, s.product, s.state, s.completed_on, a.manager_id, e.at as told_at
from calls.order_event e
join calls.sales_order s on s.id = e.order_id
join calls.attempt a on a.id = s.attempt_id
where s.state in ('succeeded', 'failed', 'expired');
create index order_event_at on calls.order_event (at);

create view tickets.v_opened as
select id, no, kind, scope, tier, major, customer_id, attempt_id, org_unit_id, opened_at, answer_due, solve_due from tickets.ticket;

create view messaging.v_opt_out as
select id, gateway_code, customer_id, message_id, blast_id, received_at from messaging.reply where meaning = 'opt_out';

-- A restored system tells nobody anything until somebody has looked.
create function webhooks.start_paused() returns void language sql as $$
  update webhooks.endpoint set active = false;
$$;
