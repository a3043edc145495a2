-- A launch over many customers, which a job computes while the planner goes on; the last one of each campaign.
create table campaigns.building (
  campaign_id bigint primary key references campaigns.campaign on delete cascade,
  asked_by bigint not null references staff.app_user,
  asked_at timestamptz not null,
  -- what the planner has read and agreed to; null: not asked
  expected int,
  -- customers to look at, counted when it was asked for
  customers int not null,
  started_at timestamptz,
  built_at timestamptz,
  failed_at timestamptz,
  -- why it failed: the code of a refusal and what its sentence says
  reason text,
  params jsonb not null default '{}',
  check (built_at is null or failed_at is null)
);
create index building_built on campaigns.building (built_at desc) where built_at is not null;
create index building_asked_by on campaigns.building (asked_by);
