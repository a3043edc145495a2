create schema calls;

-- Outcomes are data (CAM-6). Labels stand here because people add outcomes; keys are those of the call desk.
create table calls.outcome (
  code text primary key,
  label_zh text not null,
  label_en text not null,
  sort smallint not null,
  key text not null unique,
  -- 'connected' as the switch counts, 'effective' when a person spoke
  connected boolean not null,
  effective boolean not null,
  visit boolean not null,
  converted boolean not null default false,
  closes_task boolean not null,
  -- other_slot: another time of day · same_day: after the campaign's gap · never · later: a later date and data feedback · callback: at the promised minute
  redial text not null check (redial in ('other_slot', 'same_day', 'never', 'later', 'callback')),
  cooling_off_days smallint not null default 0,
  opens_ticket boolean not null default false,
  blocks_calls boolean not null default false,
  needs_reason boolean not null default false,
  line_health text check (line_health in ('good', 'suspended', 'invalid')),
  tone text not null default 'grey',
  check (connected or not effective),
  check (effective or not visit)
);

create table calls.outcome_reason (
  code text primary key,
  label_zh text not null,
  label_en text not null,
  sort smallint not null
);

create table calls.task (
  id bigint generated always as identity primary key,
  campaign_id bigint not null references campaigns.campaign,
  customer_id bigint not null references customers.customer,
  line_id bigint not null references customers.line,
  -- '' for a campaign's one task a customer; the cycle of the care rule for standing campaigns
  cycle text not null default '',
  owner_id bigint references staff.app_user,
  state text not null default 'open' check (state in ('open', 'claimed', 'done', 'not_reached', 'cancelled', 'recycled')),
  close_reason text,
  due_on date not null,
  deadline_on date,
  -- not before this instant (redial gap, refused by the gate until then)
  not_before timestamptz,
  -- why the gate holds it back until then; null = a redial gap, or nothing holds it
  refused_reason text,
  callback_at timestamptz,
  star smallint not null default 0,
  expected_value integer not null default 0,
  over_capacity boolean not null default false,
  attempts smallint not null default 0,
  last_outcome text references calls.outcome,
  last_attempt_at timestamptz,
  list_source text,
  claimed_by bigint references staff.app_user,
  lease_until timestamptz,
  -- the gate's reservation that the claim holds
  touch_id uuid,
  created_at timestamptz not null,
  closed_at timestamptz,
  unique (campaign_id, customer_id, cycle)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01);
-- exactly the order of the desk: callbacks by minute, then due date, star, expected value
create index task_callback on calls.task (owner_id, callback_at) where state = 'open' and callback_at is not null;
create index task_queue on calls.task (owner_id, due_on, star desc, expected_value desc, id) where state = 'open' and callback_at is null;
create index task_claimed on calls.task (claimed_by, lease_until) where state = 'claimed';
create index task_customer on calls.task (customer_id, id);
create index task_open_campaign on calls.task (campaign_id, state);

-- Who had a task and why it moved: append-only (R31).
create table calls.assignment (
  id bigint generated always as identity primary key,
  task_id bigint not null references calls.task,
  from_owner bigint,
  to_owner bigint,
  by_user bigint,
  at timestamptz not null,
  why text not null
);
create index assignment_task on calls.assignment (task_id, id);

create table calls.attempt (
  -- uuid v7 of started_at; months are partitions
  id uuid primary key,
  task_id bigint references calls.task,
  campaign_id bigint not null references campaigns.campaign,
  customer_id bigint not null references customers.customer,
  line_id bigint not null references customers.line,
  manager_id bigint not null references staff.app_user,
  touch_id uuid not null,
  touch_allowed boolean not null default true check (touch_allowed),
  -- 1 = first dial of its task
  ordinal smallint not null,
  started_at timestamptz not null,
  -- result, cause, source (R37)
  outcome text not null references calls.outcome,
  reason text,
  cause text,
  source text not null check (source in ('agent', 'switch', 'feed', 'inferred')),
  talk_seconds integer not null default 0 check (talk_seconds >= 0),
  talk_source text not null check (talk_source in ('switch', 'desk', 'self')),
  topics text[] not null default '{}',
  poor_service boolean not null default false,
  note text,
  recording_ref text,
  caller_number text,
  list_source text,
  channel text not null default 'call' check (channel in ('call', 'wecom', 'visit', 'inbound')),
  flags text[] not null default '{}',
  created_at timestamptz not null,
  corrected_at timestamptz,
  foreign key (touch_id, touch_allowed) references contact.touch (id, allowed)
) partition by range (id);
create table calls.attempt_default partition of calls.attempt default;
create index attempt_campaign on calls.attempt (campaign_id, id);
create index attempt_manager on calls.attempt (manager_id, id);
create index attempt_customer on calls.attempt (customer_id, id);
create index attempt_task on calls.attempt (task_id) where task_id is not null;

-- Natural key of a call: the same record twice is one attempt.
create table calls.attempt_key (
  line_id bigint not null,
  campaign_id bigint not null,
  started_at timestamptz not null,
  attempt_id uuid not null,
  primary key (line_id, campaign_id, started_at)
);

create table calls.correction (
  id bigint generated always as identity primary key,
  attempt_id uuid not null references calls.attempt,
  old_outcome text not null,
  new_outcome text not null,
  old_reason text,
  -- the order a correction took back: {"orderNo", "product", "state", "completedOn"}
  order_removed jsonb,
  why text not null,
  by_user bigint references staff.app_user,
  at timestamptz not null
);

-- Opened by a conversion, followed until the customer has the product (CAM-9). At most one an attempt.
create table calls.sales_order (
  id bigint generated always as identity primary key,
  attempt_id uuid not null unique references calls.attempt,
  campaign_id bigint not null references campaigns.campaign,
  customer_id bigint not null references customers.customer,
  order_no text unique,
  product text,
  state text not null default 'open' check (state in ('open', 'succeeded', 'failed', 'expired')),
  terms_read boolean not null default false,
  opened_at timestamptz not null,
  completed_on date
);
create index sales_order_campaign on calls.sales_order (campaign_id, state);
create index sales_order_customer on calls.sales_order (customer_id);

create view calls.v_outcome as
select code, label_zh, label_en, sort, connected, effective, visit, converted, closes_task, tone from calls.outcome;

create view calls.v_task as
select id, campaign_id, customer_id, line_id, cycle, owner_id, state, close_reason, due_on, deadline_on, callback_at, not_before, star,
       attempts, last_outcome, over_capacity, created_at, closed_at
from calls.task;

create view calls.v_attempt as
select a.id, a.task_id, a.campaign_id, a.customer_id, a.line_id, a.manager_id, a.ordinal, a.started_at, a.outcome, a.reason, a.topics,
       a.talk_seconds, a.talk_source, a.source, a.channel, a.note, a.list_source, o.connected, o.effective, o.visit, o.converted
from calls.attempt a join calls.outcome o on o.code = a.outcome;
