-- Which campaigns a second person approves before they start (GOV, SYS-1); the last row is in force, none: no campaign.
create table campaigns.approval_rule (
  id bigint generated always as identity primary key,
  kinds text[] not null default '{}',
  -- a campaign of any kind that calls more customers than this; null: the number does not matter
  above integer check (above >= 0),
  set_by bigint not null references staff.app_user,
  set_at timestamptz not null
);

-- What is approved: everything a planner decides, and not the course of its life. A column that is added is part of it.
create function campaigns.content_of(c campaigns.campaign) returns text language sql stable parallel safe as $$
  select md5((to_jsonb(c) - array['state', 'version', 'updated_at', 'frozen_at', 'launched_at'])::text)
$$;

create table campaigns.approval (
  id bigint generated always as identity primary key,
  campaign_id bigint not null references campaigns.campaign,
  -- see content_of: an approval stands for what was asked, and for no more customers than about so many
  content text not null,
  customers integer not null,
  state text not null default 'asked' check (state in ('asked', 'approved', 'refused', 'superseded')),
  asked_by bigint not null references staff.app_user,
  asked_at timestamptz not null,
  decided_by bigint references staff.app_user,
  decided_at timestamptz,
  reason text,
  check (decided_by is distinct from asked_by),
  check (state <> 'refused' or reason <> '')
);
create unique index approval_waiting on campaigns.approval (campaign_id) where state = 'asked';
create index approval_campaign on campaigns.approval (campaign_id, id desc);
