create schema reports;

-- A campaign whose connect rate left its band (CAM-8): from when to when, why, and what was done. One open at a time for each rate.
create table reports.breach (
  id bigint generated always as identity primary key,
  campaign_id bigint not null references campaigns.campaign,
  -- total: all calls · first: first dials
  rate text not null check (rate in ('total', 'first')),
  direction text not null check (direction in ('below', 'above')),
  opened_at timestamptz not null,
  -- the last look that found it still there
  seen_at timestamptz not null,
  closed_at timestamptz,
  -- within: back in the band · turned: out on the other side · stopped: the campaign runs no more
  closed_why text check (closed_why in ('within', 'turned', 'stopped')),
  attempts integer not null,
  connected integer not null,
  lower_limit numeric(5, 4),
  upper_limit numeric(5, 4),
  expected numeric(5, 4),
  -- the cause to act on first, and all of them as they were at the last look
  cause text,
  causes jsonb not null default '[]',
  alerted_by bigint references staff.app_user,
  alerted_at timestamptz,
  check ((closed_at is null) = (closed_why is null))
);
create unique index breach_open on reports.breach (campaign_id, rate) where closed_at is null;
create index breach_campaign on reports.breach (campaign_id, id desc);

-- When the watch looked at a campaign last: once an hour.
create table reports.watched (
  campaign_id bigint primary key references campaigns.campaign,
  looked_at timestamptz not null
);
