-- One row an attempt with every cut of the funnel: calls we dialled. Who rang us, wrote or was visited stands in reporting.work_call. Manager, team, star and
-- region are those of the moment of reading.
create view reporting.attempt as
select a.id as attempt_id, a.campaign_id, p.code as campaign_code, p.name as campaign_name,
       a.customer_id, a.task_id, a.manager_id, a.started_at,
       platform.day_of(a.started_at) as day,
       platform.hour_of(a.started_at) as hour,
       a.ordinal, a.talk_seconds, a.talk_source, a.outcome, a.reason, a.channel, a.note,
       coalesce(a.list_source, '') as source,
       -- the script heard: A is the campaign's own
       campaigns.variant_of(p.variant_bounds, a.campaign_id, a.customer_id) as variant,
       o.connected, o.effective, o.visit, o.converted,
       (o.connected and a.talk_seconds >= 18) as talk18,
       -- Computed only where asked for: did this task's first dial connect, did any later one. A customer has few calls, a campaign has
       -- all of them: the + 0 keeps the planner on the customer's index, whatever the statistics say.
       (select bool_or(fo.connected) from calls.attempt f join calls.outcome fo on fo.code = f.outcome
        where f.customer_id = a.customer_id and f.campaign_id + 0 = a.campaign_id and f.task_id is not distinct from a.task_id and f.channel = 'call' and f.ordinal = 1) as first_connected,
       exists (select from calls.attempt f join calls.outcome fo on fo.code = f.outcome
        where f.customer_id = a.customer_id and f.campaign_id + 0 = a.campaign_id and f.task_id is not distinct from a.task_id and f.channel = 'call' and f.ordinal > 1 and fo.connected) as later_connected,
       u.username as manager_username, u.name as manager_name, u.org_path, u.team_code, u.team_name,
       c.star_level as star, coalesce(c.city, '') as region,
       c.name as customer_name, c.org_unit_id as customer_org_unit_id,
       l.number,
       s.state as order_state, s.order_no, s.product
from calls.attempt a
join calls.outcome o on o.code = a.outcome
join campaigns.campaign p on p.id = a.campaign_id
join staff.v_user u on u.id = a.manager_id
-- there for every call; joined outwards they are looked up only where something of them is asked for
left join customers.customer c on c.id = a.customer_id
left join customers.line l on l.id = a.line_id
left join calls.sales_order s on s.attempt_id = a.id
where a.channel = 'call';

create view reporting.outcome as
select code, label_zh, label_en, sort, connected, effective, converted, tone from calls.outcome;

create view reporting.campaign as
select c.id, c.code, c.name, c.kind, c.state, c.starts_on, c.ends_on, c.standing, c.band_lower, c.band_upper, c.band_min_attempts, c.org_unit_id, u.path as org_path,
       coalesce(c.product_family, 'marketing') as family
from campaigns.campaign c join staff.org_unit u on u.id = c.org_unit_id;
