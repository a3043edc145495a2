-- The load to come as it was computed on a morning or for a rule on trial: a page reads it, nobody waits for it (CAR-12).
create table care.forecast (
  id bigint generated always as identity primary key,
  day date not null,
  until_on date not null,
  -- whose managers: those of the unit and below, '/' for everybody (the daily schedule)
  org_path text not null,
  -- the rule on trial and its settings; null: the rules in force
  rule_code text references care.rule,
  settings jsonb,
  -- the rules it stands on, each with its version: another rule makes another forecast
  policy text not null,
  state text not null check (state in ('queued', 'running', 'done', 'failed')),
  parts integer not null default 0,
  done integer not null default 0,
  -- The manager id up to which parts are committed (0 = customers without one): a crash resumes here.
  done_to bigint not null default -1,
  overdue integer not null default 0,
  -- customers with a promise to come, by rule
  customers jsonb not null default '{}',
  -- last month again, for a rule on trial
  backtest jsonb,
  error text,
  by_user bigint references staff.app_user,
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz
);
create index forecast_newest on care.forecast (day desc, id desc);

-- What fits on a manager's day, and what stands on it.
create table care.forecast_day (
  forecast_id bigint not null references care.forecast on delete cascade,
  owner_id bigint not null,
  day date not null,
  calls integer not null,
  capacity integer not null,
  primary key (forecast_id, owner_id, day)
);

-- The same by rule; along: reasons that go with a call of another rule.
create table care.forecast_load (
  forecast_id bigint not null references care.forecast on delete cascade,
  owner_id bigint not null,
  day date not null,
  rule_code text not null,
  calls integer not null,
  along integer not null,
  messages integer not null,
  primary key (forecast_id, owner_id, day, rule_code)
);

-- The contacts behind the figures. No foreign keys: millions of rows that are written anew each morning.
create table care.forecast_row (
  forecast_id bigint not null,
  owner_id bigint not null,
  day date not null,
  customer_id bigint not null,
  rule_code text not null,
  channel text not null,
  deadline_on date,
  -- false: goes along with the call of another rule
  own_call boolean not null,
  -- stands on a list already
  listed boolean not null
);
create index forecast_row_day on care.forecast_row (forecast_id, owner_id, day);

-- Promises that will not be kept as things stand, before they are broken: whose, by when, and why (CAR-1, CAR-2).
create table care.forecast_miss (
  forecast_id bigint not null references care.forecast on delete cascade,
  customer_id bigint not null,
  owner_id bigint,
  rule_code text not null,
  cycle text not null,
  star smallint not null,
  deadline_on date not null,
  reason text not null,
  listed boolean not null,
  primary key (forecast_id, rule_code, customer_id, cycle)
);
create index forecast_miss_deadline on care.forecast_miss (forecast_id, deadline_on);
