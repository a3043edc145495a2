-- Every dispatch with how it stands at this instant: open, or returned with a result and its reason. The task decides, so that nothing that ends,
-- reopens or corrects a task can leave its dispatches behind, and dispatched = returned + open holds in every snapshot (FED-5).
create view reporting.dispatch as
select d.id as dispatch_id, d.source, d.dispatch_no, d.biz_type, d.note, d.deadline_on, d.campaign_id, d.customer_id, d.line_id, d.task_id,
       d.created_at, d.handed_at, d.corrected, e.result, e.reason, e.finished_at,
       case when e.result is null then 'open' else 'returned' end as state,
       -- the same as a condition of its own: the planner guesses half of them are, walks the newest, and does not put all in order first
       case when e.result is null then true else false end as is_open,
       -- the sender was told nothing yet, or something else
       (e.result is not null and (d.handed_at is null or (d.handed_result, d.handed_reason) is distinct from (e.result, e.reason))) as to_tell,
       t.owner_id as manager_id, coalesce(t.attempts, 0) as attempts
from calls.dispatch d
left join calls.task t on t.id = d.task_id
cross join lateral (
  select case when d.ended_at is not null then 'returned'
              when t.state = 'done' then 'done'
              -- another contact kept the same promise
              when t.state = 'cancelled' and t.close_reason = 'care_fulfilled' then 'done'
              when t.state = 'not_reached' and t.close_reason is distinct from 'invalid_number' then 'not_reached'
              when t.state in ('not_reached', 'cancelled') then 'returned' end as result) n
cross join lateral (
  -- a correction may open the task again after the sender was told: the answer stands until there is another one
  select coalesce(n.result, d.handed_result) as result,
         case when n.result is null then d.handed_reason else coalesce(d.end_reason, t.close_reason, 'unknown') end as reason,
         case when n.result is null then d.handed_finished_at else coalesce(d.ended_at, t.closed_at, d.created_at) end as finished_at) e;
