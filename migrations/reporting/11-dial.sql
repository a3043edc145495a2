-- What the control band counts, and nothing that costs a join more. `technical` is a call that did not connect because the network failed: the switch
-- says so by a cause of ITU-T Q.850 (no circuit, out of order, temporary failure, congestion, channel or resource unavailable), whatever was recorded.
-- Joined from the left, so that a count by day costs no look at customers.
create view reporting.dial as
select a.id as attempt_id, a.campaign_id, a.customer_id, a.line_id, a.manager_id, a.started_at,
       platform.day_of(a.started_at) as day, platform.hour_of(a.started_at) as hour, c.star_level as star, a.ordinal = 1 as first,
       case when not o.connected and a.cause in ('34', '38', '41', '42', '44', '47', '网络故障', '网络拥塞', '中继故障') then 'technical' else a.outcome end as kind,
       a.outcome, o.connected, o.converted, coalesce(a.caller_number, '') as caller, coalesce(a.list_source, '') as source,
       a.talk_seconds, a.talk_source, u.username as manager_username, u.name as manager_name, u.org_path
from calls.attempt a
join calls.outcome o on o.code = a.outcome
left join customers.customer c on c.id = a.customer_id
join staff.v_user u on u.id = a.manager_id
where a.channel = 'call';

-- Which campaigns are alike: those of one segment, those of one kind.
create view reporting.likeness as
select id as campaign_id, segment_id, kind from campaigns.campaign;
