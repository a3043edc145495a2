-- What an attempt cost its manager, and every other contact of hers: talking, and wrapping up. Wrap-up runs from the end of the call (by the switch, else dialling + talk) to the saving at the desk,
-- five minutes at most: who went to lunch was not wrapping up. Calls that came by file have none.
create view reporting.work_call as
select a.id as attempt_id, a.manager_id, a.started_at, a.customer_id, a.campaign_id, a.channel, a.channel = 'call' as dialled, a.outcome, o.connected, o.converted, a.talk_seconds,
       case when a.source = 'agent' then
         least(greatest(extract(epoch from a.created_at - coalesce(a.ended_at, a.started_at + make_interval(secs => a.talk_seconds))), 0), 300)::int
       else 0 end as wrap_seconds,
       c.name as customer_name, c.star_level as star, l.number, p.name as campaign_name, o.label_zh, o.label_en, u.org_path
from calls.attempt a
join calls.outcome o on o.code = a.outcome
join staff.v_user u on u.id = a.manager_id
left join customers.customer c on c.id = a.customer_id
left join customers.line l on l.id = a.line_id
left join campaigns.campaign p on p.id = a.campaign_id;
