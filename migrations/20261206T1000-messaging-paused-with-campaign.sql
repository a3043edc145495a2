-- The texts of a campaign stand still with it and go on with it; one that a person or a limit had stopped before does not.
alter table messaging.blast add column paused_with_campaign boolean not null default false;
update messaging.blast b set paused_with_campaign = true
from campaigns.v_campaign c where c.id = b.campaign_id and c.state = 'paused' and b.variant is not null and b.state = 'paused' and b.paused_by is null;
