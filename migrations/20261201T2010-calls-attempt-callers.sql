-- What a city or a team did for a campaign that others work on too.
create index attempt_campaign_manager on calls.attempt (campaign_id, manager_id, id);
