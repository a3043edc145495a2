-- The rolled-up counts of the funnel with the changes that are not in them yet: the same figures as a count of reporting.attempt at any instant.
create view reporting.funnel_day as
select f.day, f.campaign_id, f.manager_id, f.attempts, f.connected, f.effective, f.talk18, f.converted, f.first_dials, f.first_dials_connected, f.orders_open, f.orders_succeeded, f.orders_failed,
       u.username as manager_username, u.name as manager_name, u.org_path, u.team_code, u.team_name
from (select day, campaign_id, manager_id, attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed from reports.funnel_day
      union all
      select day, campaign_id, manager_id, attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed from reports.funnel_change where manager_id is not null) f
join staff.v_user u on u.id = f.manager_id;

-- Knows no managers: for who sees everything.
create view reporting.funnel_hour as
select platform.day_of(hour) as day, platform.hour_of(hour) as hour, campaign_id, attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed
from (select hour, campaign_id, attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed from reports.funnel_hour
      union all
      select hour, campaign_id, attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed from reports.funnel_change where hour is not null) f;
