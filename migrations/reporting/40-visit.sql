-- One row a telephone visit that was due: the promise, whether it was kept, and whose figures it belongs to.
create view reporting.visit as
select d.rule_code, d.customer_id, d.cycle, d.due_on, d.deadline_on, d.state, d.closed_at, d.task_id, t.attempts,
       -- somebody never visited has no deadline that could be missed
       (d.state in ('done', 'not_reached') and (d.cycle = 'never' or platform.day_of(d.closed_at) <= d.deadline_on)) as closed_in_time,
       -- tried as often as the campaign asks for, and a message was delivered instead (CAR-1)
       (d.state = 'not_reached' and t.close_reason = 'max_attempts' and (
          exists (select from messaging.message m where m.customer_id = d.customer_id and m.task_id = d.task_id and m.state = 'delivered')
          -- of months that have become files
          or exists (select from messaging.texted_task x where x.task_id = d.task_id))) as sms_left,
       coalesce(t.owner_id, c.manager_id) as manager_id, u.name as manager_name,
       c.name as customer_name, c.star_level as star, o.path as org_path
from care.due d
join customers.customer c on c.id = d.customer_id
join staff.org_unit o on o.id = c.org_unit_id
left join calls.task t on t.id = d.task_id
left join staff.app_user u on u.id = coalesce(t.owner_id, c.manager_id)
where d.channel = 'call' and d.state <> 'cancelled';
