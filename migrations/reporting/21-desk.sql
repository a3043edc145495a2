-- Who holds which customer and since when: the claim's moment is that of its reservation in the ledger.
create view reporting.held_task as
select t.id as task_id, t.claimed_by as manager_id, coalesce(h.at, t.lease_until) as since, t.lease_until, t.callback_at, t.customer_id, t.star,
       p.code as campaign_code, p.name as campaign_name
from calls.task t
join campaigns.campaign p on p.id = t.campaign_id
left join contact.touch h on h.id = t.touch_id
where t.state = 'claimed';

-- What is left to dial, a row an open task of a campaign that runs, and narrow: whose it is, when it may be dialled.
create view reporting.open_task as
select t.id as task_id, t.campaign_id, p.code as campaign_code, p.name as campaign_name, t.owner_id, t.due_on, t.not_before, t.callback_at, t.star, t.customer_id
from calls.task t join campaigns.campaign p on p.id = t.campaign_id
where t.state = 'open' and p.state = 'running';
