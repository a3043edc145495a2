-- To the customer's own team, or to the city it belongs to (CAM-3).
alter table campaigns.campaign drop constraint campaign_assignment_check;
alter table campaigns.campaign add constraint campaign_assignment_check check (assignment in ('owner', 'round-robin', 'load', 'team', 'region'));
