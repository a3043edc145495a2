create schema care;

create table care.rule (
  code text primary key,
  sort smallint not null,
  enabled boolean not null default false,
  version integer not null default 1,
  settings jsonb not null,
  updated_by bigint references staff.app_user,
  updated_at timestamptz not null
);

-- What each version said: an explanation names the version it was made with.
create table care.rule_version (
  rule_code text not null references care.rule,
  version integer not null,
  enabled boolean not null,
  settings jsonb not null,
  by_user bigint references staff.app_user,
  at timestamptz not null,
  primary key (rule_code, version)
);

create table care.plan_run (
  id bigint generated always as identity primary key,
  day date not null,
  rules text[] not null,
  state text not null check (state in ('queued', 'running', 'done', 'failed')),
  -- whose customers are planned: the starter's unit and below, '/' for everybody (the daily schedule)
  org_path text not null default '/',
  -- A chunk holds all customers of some managers, for capacity is a manager's. The manager id up to which chunks are committed
  -- (0 = the customers without one): a crash resumes here.
  done_to bigint not null default -1,
  planned jsonb not null default '{}',
  messages jsonb not null default '{}',
  skipped jsonb not null default '{}',
  error text,
  by_user bigint references staff.app_user,
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz
);

-- One row a rule, customer and cycle: what makes a plan run idempotent. Several reasons may point to one task. The run's date is never in the key.
create table care.due (
  rule_code text not null references care.rule,
  customer_id bigint not null references customers.customer,
  cycle text not null,
  channel text not null check (channel in ('call', 'sms')),
  due_on date not null,
  deadline_on date not null,
  -- the first day on which a visit keeps this promise
  counts_from date not null,
  -- the facts the decision stood on, for the sentence shown: {"star": 7, "lastVisit": "2026-10-24"}
  facts jsonb not null,
  policy_version integer not null,
  task_id bigint references calls.task,
  blast_id bigint references messaging.blast,
  state text not null default 'open' check (state in ('open', 'done', 'not_reached', 'cancelled')),
  done_by_attempt uuid,
  plan_run_id bigint not null references care.plan_run,
  created_at timestamptz not null,
  closed_at timestamptz,
  primary key (rule_code, customer_id, cycle)
);
create index due_task on care.due (task_id) where task_id is not null;
create index due_customer on care.due (customer_id);
create index due_run on care.due (plan_run_id);
create index due_attempt on care.due (done_by_attempt) where done_by_attempt is not null;
-- coverage of a period, and what is still open
create index due_deadline on care.due (rule_code, deadline_on);
create index plan_run_newest on care.plan_run (created_at desc);

-- Closing lines of the day (CAR-5): by solar term, festival, weekday kind or a day entered by hand (cold, heat).
create table care.closing_line (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('day', 'festival', 'solar_term', 'weekend_eve', 'default')),
  value text not null default '',
  text_zh text not null,
  text_en text not null,
  unique (kind, value)
);

create view care.v_due as
select rule_code, customer_id, cycle, channel, due_on, deadline_on, facts, policy_version, task_id, blast_id, state, plan_run_id from care.due;
