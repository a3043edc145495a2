-- Raw records of the switch that want a look: those that belong to no attempt, each with its reason, and those that contradict the outcome of
-- theirs. They belong to the unit of the agent, where she is not known to the unit that handed them in.
create view reporting.switch_record as
select u.id::text as record_id, u.reason, u.started_at, u.number, coalesce(u.agent_no, m.agent_no, u.manager) as agent_no,
       m.username as manager_username, m.name as manager_name, l.customer_id, u.outcome as said, u.cause, u.talk_seconds, u.answered_at, u.ended_at,
       u.caller_number, u.recording_ref, u.import_id, null::uuid as attempt_id, null::text as recorded, coalesce(m.org_path, o.path) as org_path
from calls.unmatched_record u
join staff.v_org_unit o on o.id = u.org_unit_id
left join staff.v_user m on m.id = u.manager_id
left join customers.line l on l.id = u.line_id
union all
select a.id::text, 'contradicts', a.switch_started_at, l.number, coalesce(m.agent_no, m.username), m.username, m.name, a.customer_id, a.switch_outcome,
       a.cause, a.talk_seconds, a.answered_at, a.ended_at, a.caller_number, a.recording_ref, null, a.id, a.outcome, m.org_path
from calls.attempt a
join customers.line l on l.id = a.line_id
join staff.v_user m on m.id = a.manager_id
where a.flags @> '{switch_contradicts}';
