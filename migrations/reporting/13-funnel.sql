-- The rolled-up counts of the funnel with the changes that are not in them yet: the same figures as a count of reporting.attempt at any instant.
-- By manager: of each campaign and (0) over all.
create view reporting.funnel_day as
select day, campaign_id, manager_id, attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed, tasks_redialled, tasks_recovered from reports.funnel_day
union all
select platform.day_of(s.hour), c.campaign_id, s.manager_id, coalesce(s.sign * (true)::int, 0) as attempts, coalesce(s.sign * (s.connected)::int, 0) as connected, coalesce(s.sign * (s.effective)::int, 0) as effective, coalesce(s.sign * (s.talk18)::int, 0) as talk18, coalesce(s.sign * (s.converted)::int, 0) as converted, coalesce(s.sign * (s.first)::int, 0) as first_dials, coalesce(s.sign * (s.first and s.connected)::int, 0) as first_dials_connected, coalesce(s.sign * (s.order_state = 'open')::int, 0) as orders_open, coalesce(s.sign * (s.order_state = 'succeeded')::int, 0) as orders_succeeded, coalesce(s.sign * (s.order_state in ('failed', 'expired'))::int, 0) as orders_failed, coalesce(s.sign * (s.redialled)::int, 0) as tasks_redialled, coalesce(s.sign * (s.recovered)::int, 0) as tasks_recovered
from reports.unsettled_call s cross join lateral (values (0::bigint), (s.campaign_id)) c(campaign_id);

-- By a trait of the call (its hour, what the customer is today, the list it came from, the script): of each campaign, (0) over all, and of a unit with those below it.
create view reporting.funnel_trait as
select trait, key, campaign_id, unit_id, day, attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed, tasks_redialled, tasks_recovered from reports.funnel_trait
union all
select t.trait, t.key, g.campaign_id, g.unit_id, platform.day_of(s.hour), coalesce(s.sign * (true)::int, 0) as attempts, coalesce(s.sign * (s.connected)::int, 0) as connected, coalesce(s.sign * (s.effective)::int, 0) as effective, coalesce(s.sign * (s.talk18)::int, 0) as talk18, coalesce(s.sign * (s.converted)::int, 0) as converted, coalesce(s.sign * (s.first)::int, 0) as first_dials, coalesce(s.sign * (s.first and s.connected)::int, 0) as first_dials_connected, coalesce(s.sign * (s.order_state = 'open')::int, 0) as orders_open, coalesce(s.sign * (s.order_state = 'succeeded')::int, 0) as orders_succeeded, coalesce(s.sign * (s.order_state in ('failed', 'expired'))::int, 0) as orders_failed, coalesce(s.sign * (s.redialled)::int, 0) as tasks_redialled, coalesce(s.sign * (s.recovered)::int, 0) as tasks_recovered
from reports.unsettled_call s cross join lateral reports.groups_of(s.campaign_id, s.path) g
cross join lateral (values ('hour', platform.hour_of(s.hour)::text), ('star', s.star::text), ('region', s.region), ('source', s.source), ('variant', s.variant)) t(trait, key);

-- People by the day of a call and of the one before, by the same groups.
create view reporting.funnel_people as
select campaign_id, unit_id, day, previous, attempted, connected, reached, succeeded from reports.funnel_people
union all
select campaign_id, unit_id, day, previous, attempted, connected, reached, succeeded from reports.unsettled_people;
