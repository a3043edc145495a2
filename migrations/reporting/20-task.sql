-- What other pages may know of a task without importing the call desk: its state, its people, its place in the campaign.
-- Everybody's joined from the left although it is always there: who does not ask for a name or a number does not pay for it.
create view reporting.task as
select t.id as task_id, t.campaign_id, t.customer_id, t.line_id, t.cycle, t.state, t.close_reason, t.due_on, t.deadline_on, t.callback_at,
       t.attempts, t.last_outcome, t.last_attempt_at, t.created_at, t.closed_at, t.star,
       c.name as customer_name, l.number,
       t.owner_id, u.username as owner_username, u.name as owner_name, u.team_name,
       -- whose figures it belongs to: the owner's unit, before there is an owner the customer's
       coalesce(u.org_path, o.path) as org_path,
       x.label_zh as outcome_zh, x.label_en as outcome_en, x.tone as outcome_tone
from calls.task t
left join customers.customer c on c.id = t.customer_id
left join customers.line l on l.id = t.line_id
left join staff.org_unit o on o.id = c.org_unit_id
left join staff.v_user u on u.id = t.owner_id
left join calls.outcome x on x.code = t.last_outcome;

-- Tasks by state, whole campaigns; narrow, so that no join is paid for.
create view reporting.task_state as
select campaign_id, customer_id, cycle, owner_id, state, attempts from calls.task;

-- Tasks that were not dialled within the limit of their list: from whom, and to whom, nobody being the pool (CAM-4, R31).
create view reporting.recycling as
select a.id, t.campaign_id, a.task_id, a.from_owner, a.to_owner, a.at, t.state, t.attempts, coalesce(u.org_path, o.path) as org_path
from calls.assignment a
join calls.task t on t.id = a.task_id
join customers.customer c on c.id = t.customer_id
join staff.org_unit o on o.id = c.org_unit_id
left join staff.v_user u on u.id = a.from_owner
where a.recycled;

-- How a list left its customers, for a next wave (R38). What is not known to be open is over: `decided`.
create view reporting.task_result as
select t.campaign_id, t.customer_id, t.line_id, t.attempts, t.last_attempt_at, t.state in ('open', 'claimed', 'recycled') as pending,
       case
         when t.attempts = 0 then 'not_dialled'
         when o.line_health = 'invalid' then 'decided'
         when not o.effective then 'not_reached'
         when o.code in ('interested', 'reached') then o.code
         when not o.closes_task then 'undecided'
         else 'decided'
       end as result
from calls.task t left join calls.outcome o on o.code = t.last_outcome
where t.cycle = '';
