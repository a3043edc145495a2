-- One row a promise besides callbacks, with its people. What was handed over counts for whom it was handed to, so that its own row is left out.
create view reporting.promise_row as
select p.id as promise_id, p.owner_id as manager_id, p.kind, p.text, p.due_on, p.state, p.made_at, p.closed_at, p.done_at, p.customer_id,
       c.name as customer_name, c.star_level as star, g.name as campaign_name
from calls.promise p
join customers.customer c on c.id = p.customer_id
join calls.attempt a on a.id = p.attempt_id
join campaigns.campaign g on g.id = a.campaign_id
where p.state <> 'handed_over';
