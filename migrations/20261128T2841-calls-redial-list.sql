-- Calls that did not connect, put off together to an hour in which more do (CAM-8).
create table calls.redial_list (
  id bigint generated always as identity primary key,
  campaign_id bigint not null references campaigns.campaign,
  not_before timestamptz not null,
  tasks integer not null,
  by_user bigint not null references staff.app_user,
  at timestamptz not null
);
create index redial_list_campaign on calls.redial_list (campaign_id, id);
