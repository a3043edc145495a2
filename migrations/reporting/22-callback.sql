-- One row a promised callback: the open ones stand on their tasks, the others ended by a call or were withdrawn.
create view reporting.callback as
select e.task_id, e.owner_id as manager_id, e.due_at, e.called_at, e.called_at is null as withdrawn from calls.callback_end e
union all
select t.id, t.owner_id, t.callback_at, null, false from calls.task t where t.callback_at is not null and t.state in ('open', 'claimed');

-- With the people of a promise.
create view reporting.callback_row as
select k.task_id, k.manager_id, k.due_at, k.called_at, k.withdrawn, t.customer_id, c.name as customer_name, c.star_level as star, p.name as campaign_name
from reporting.callback k
join calls.task t on t.id = k.task_id
join customers.customer c on c.id = t.customer_id
join campaigns.campaign p on p.id = t.campaign_id;
