-- The rolled-up counts of the funnel with the changes that are not in them yet: the same figures as a count of reporting.attempt at any instant.
create view reporting.funnel_day as
select f.day, f.campaign_id, f.manager_id, f.attempts, f.connected, f.effective, f.talk18, f.converted, f.first_dials, f.first_dials_connected, f.orders_open, f.orders_succeeded, f.orders_failed, f.tasks_redialled, f.tasks_recovered,
       u.username as manager_username, u.name as manager_name, u.org_path, u.team_code, u.team_name
from (select day, campaign_id, manager_id, attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed, tasks_redialled, tasks_recovered from reports.funnel_day
      union all
      select day, campaign_id, manager_id, attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed, 0, 0 from reports.funnel_change where manager_id is not null
      union all
      select platform.day_of(hour), campaign_id, manager_id, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, sign, sign * recovered::int from reports.unsettled_call where redialled) f
join staff.v_user u on u.id = f.manager_id;

-- Knows no managers: for who sees everything.
create view reporting.funnel_hour as
select platform.day_of(hour) as day, platform.hour_of(hour) as hour, campaign_id, attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed, tasks_redialled, tasks_recovered
from (select hour, campaign_id, attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed, tasks_redialled, tasks_recovered from reports.funnel_hour
      union all
      select hour, campaign_id, attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed, 0, 0 from reports.funnel_change where hour is not null
      union all
      select hour, campaign_id, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, sign, sign * recovered::int from reports.unsettled_call where redialled) f;

-- By what a customer is today, the list a call came from and the script, by campaign and (0) over all; for who sees everything.
create view reporting.funnel_star as
select day, campaign_id, key::smallint as star, attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed, tasks_redialled, tasks_recovered from reports.funnel_trait where trait = 'star'
union all
select platform.day_of(hour), c.campaign_id, star, sign as attempts, coalesce(sign * (connected)::int, 0) as connected, coalesce(sign * (effective)::int, 0) as effective, coalesce(sign * (talk18)::int, 0) as talk18, coalesce(sign * (converted)::int, 0) as converted, coalesce(sign * (first)::int, 0) as first_dials, coalesce(sign * (first and connected)::int, 0) as first_dials_connected, coalesce(sign * (order_state = 'open')::int, 0) as orders_open, coalesce(sign * (order_state = 'succeeded')::int, 0) as orders_succeeded, coalesce(sign * (order_state in ('failed', 'expired'))::int, 0) as orders_failed, coalesce(sign * (redialled)::int, 0) as tasks_redialled, coalesce(sign * (recovered)::int, 0) as tasks_recovered from reports.unsettled_call s cross join lateral (values (0::bigint), (s.campaign_id)) c(campaign_id);

create view reporting.funnel_region as
select day, campaign_id, key as region, attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed, tasks_redialled, tasks_recovered from reports.funnel_trait where trait = 'region'
union all
select platform.day_of(hour), c.campaign_id, region, sign as attempts, coalesce(sign * (connected)::int, 0) as connected, coalesce(sign * (effective)::int, 0) as effective, coalesce(sign * (talk18)::int, 0) as talk18, coalesce(sign * (converted)::int, 0) as converted, coalesce(sign * (first)::int, 0) as first_dials, coalesce(sign * (first and connected)::int, 0) as first_dials_connected, coalesce(sign * (order_state = 'open')::int, 0) as orders_open, coalesce(sign * (order_state = 'succeeded')::int, 0) as orders_succeeded, coalesce(sign * (order_state in ('failed', 'expired'))::int, 0) as orders_failed, coalesce(sign * (redialled)::int, 0) as tasks_redialled, coalesce(sign * (recovered)::int, 0) as tasks_recovered from reports.unsettled_call s cross join lateral (values (0::bigint), (s.campaign_id)) c(campaign_id);

create view reporting.funnel_source as
select day, campaign_id, key as source, attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed, tasks_redialled, tasks_recovered from reports.funnel_trait where trait = 'source'
union all
select platform.day_of(hour), c.campaign_id, source, sign as attempts, coalesce(sign * (connected)::int, 0) as connected, coalesce(sign * (effective)::int, 0) as effective, coalesce(sign * (talk18)::int, 0) as talk18, coalesce(sign * (converted)::int, 0) as converted, coalesce(sign * (first)::int, 0) as first_dials, coalesce(sign * (first and connected)::int, 0) as first_dials_connected, coalesce(sign * (order_state = 'open')::int, 0) as orders_open, coalesce(sign * (order_state = 'succeeded')::int, 0) as orders_succeeded, coalesce(sign * (order_state in ('failed', 'expired'))::int, 0) as orders_failed, coalesce(sign * (redialled)::int, 0) as tasks_redialled, coalesce(sign * (recovered)::int, 0) as tasks_recovered from reports.unsettled_call s cross join lateral (values (0::bigint), (s.campaign_id)) c(campaign_id);

create view reporting.funnel_variant as
select day, campaign_id, key as variant, attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed, tasks_redialled, tasks_recovered from reports.funnel_trait where trait = 'variant'
union all
select platform.day_of(hour), c.campaign_id, variant, sign as attempts, coalesce(sign * (connected)::int, 0) as connected, coalesce(sign * (effective)::int, 0) as effective, coalesce(sign * (talk18)::int, 0) as talk18, coalesce(sign * (converted)::int, 0) as converted, coalesce(sign * (first)::int, 0) as first_dials, coalesce(sign * (first and connected)::int, 0) as first_dials_connected, coalesce(sign * (order_state = 'open')::int, 0) as orders_open, coalesce(sign * (order_state = 'succeeded')::int, 0) as orders_succeeded, coalesce(sign * (order_state in ('failed', 'expired'))::int, 0) as orders_failed, coalesce(sign * (redialled)::int, 0) as tasks_redialled, coalesce(sign * (recovered)::int, 0) as tasks_recovered from reports.unsettled_call s cross join lateral (values (0::bigint), (s.campaign_id)) c(campaign_id);

-- People by the day of a call and of the one before, by campaign and (0) over all; for who sees everything.
create view reporting.funnel_people as
select campaign_id, day, previous, attempted, connected, reached, succeeded from reports.funnel_people
union all
select campaign_id, day, previous, attempted, connected, reached, succeeded from reports.unsettled_people;
