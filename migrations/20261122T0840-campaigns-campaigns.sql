create schema campaigns;

create table campaigns.campaign (
  id bigint generated always as identity primary key,
  code text not null unique,
  name text not null,
  kind text not null check (kind in ('marketing', 'care', 'fee-care', 'revisit', 'retention', 'survey')),
  state text not null default 'draft' check (state in ('draft', 'scheduled', 'running', 'paused', 'closed')),
  goal text,
  starts_on date not null,
  ends_on date check (ends_on >= starts_on),
  -- A standing campaign belongs to a care rule (code = rule code) or is 'daily-care'; it has no audience of its own and no end.
  standing boolean not null default false,
  segment_id bigint references segments.segment,
  filter jsonb,
  -- { "opening": text, "branches": [{ "key", "title", "stars"?: [..], "text" }], "objections": [{ "title", "text" }] }
  script jsonb not null default '{}',
  max_attempts smallint not null default 3 check (max_attempts between 1 and 20),
  min_gap_minutes integer not null default 120 check (min_gap_minutes >= 0),
  first_dial_hours integer not null default 48,
  assignment text not null default 'owner' check (assignment in ('owner', 'round-robin', 'load')),
  band_lower numeric(5, 4) check (band_lower between 0 and 1),
  band_upper numeric(5, 4) check (band_upper between 0 and 1),
  band_min_attempts integer not null default 200,
  holdout_percent numeric(5, 2) not null default 0 check (holdout_percent between 0 and 90),
  -- Working window of calls, e.g. [["09:00","12:00"],["14:00","20:00"]]; null = the default of the gate.
  call_window jsonb,
  caller_number text,
  product_family text,
  org_unit_id bigint not null references staff.org_unit,
  created_by bigint references staff.app_user,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- Counts every saved change: a form that was opened before another person's change is refused, not merged.
  version integer not null default 1,
  -- The audience is frozen once, at the launch; a scheduled campaign has one and waits for its day.
  frozen_at timestamptz,
  launched_at timestamptz,
  check (band_lower is null or band_upper is null or band_lower <= band_upper)
);
create index campaign_list on campaigns.campaign (created_at desc, id desc);
create index campaign_state on campaigns.campaign (state);

create table campaigns.transition (
  id bigint generated always as identity primary key,
  campaign_id bigint not null references campaigns.campaign,
  from_state text,
  to_state text not null,
  by_user bigint references staff.app_user,
  at timestamptz not null,
  why text
);
create index transition_campaign on campaigns.transition (campaign_id, id);

-- The audience as frozen at launch: one row a matched line, included or excluded with its reason (CAM-2). A customer with several matched
-- lines is called on one of them; the others say 'duplicate'. So matched = included + the sum of the excluded, always.
create table campaigns.audience (
  campaign_id bigint not null references campaigns.campaign,
  customer_id bigint not null references customers.customer,
  line_id bigint not null references customers.line,
  excluded text,
  frozen_at timestamptz not null,
  primary key (campaign_id, line_id)
);
create unique index audience_customer on campaigns.audience (campaign_id, customer_id) where excluded is distinct from 'duplicate';
-- "in which other campaigns is this customer"
create index audience_included on campaigns.audience (customer_id, campaign_id) where excluded is null;

create view campaigns.v_campaign as
select id, code, name, kind, state, starts_on, ends_on, standing, segment_id, script, max_attempts, min_gap_minutes, first_dial_hours,
       assignment, band_lower, band_upper, band_min_attempts, holdout_percent, call_window, caller_number, product_family,
       org_unit_id, created_by, launched_at
from campaigns.campaign;

create view campaigns.v_audience as select campaign_id, customer_id, line_id, excluded from campaigns.audience;
