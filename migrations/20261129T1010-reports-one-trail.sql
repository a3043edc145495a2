-- One trail of changes instead of two, and figures for readers of a part of the organisation. Whose calls changed is noted once a statement and drained once; all that
-- is kept follows from it. What is kept of a campaign and over all (0) is kept of each unit below the top as well, with all units under it, over all campaigns.
drop function reports.settle_rollups(), reports.correct_rollups(), reports.settle_counts(), reports.correct_counts(), reports.settle_people();
drop function reports.attempts_inserted(), reports.attempts_updated(), reports.attempts_deleted(), reports.orders_inserted(), reports.orders_updated(), reports.orders_deleted() cascade;
drop view reports.unsettled_people, reports.unsettled_call;
drop function reports.signed_calls(bigint[]);
drop view reports.counted_call;
drop table reports.funnel_change, reports.funnel_hour, reports.funnel_trait, reports.funnel_people, reports.customer_calls;
drop type reports.kept_call;
truncate reports.funnel_day, reports.customer_change;

create type reports.kept_call as (
  campaign_id bigint,
  -- the instant at which the hour begins
  hour timestamptz,
  manager_id bigint,
  -- of the manager's unit
  path text,
  source text,
  variant text,
  connected boolean,
  effective boolean,
  talk18 boolean,
  converted boolean,
  first boolean,
  order_state text,
  redialled boolean,
  recovered boolean
);
create table reports.customer_calls (
  customer_id bigint primary key,
  star smallint not null,
  region text not null,
  calls reports.kept_call[] not null
);

-- Of each of a call's traits: by campaign, over all of them (campaign 0), and over all of a unit (campaign 0 and the unit, with those below it).
create table reports.funnel_trait (
  trait text not null check (trait in ('hour', 'star', 'region', 'source', 'variant')),
  key text not null,
  campaign_id bigint not null,
  unit_id bigint not null,
  day date not null,
  attempts integer not null default 0,
  connected integer not null default 0,
  effective integer not null default 0,
  talk18 integer not null default 0,
  converted integer not null default 0,
  first_dials integer not null default 0,
  first_dials_connected integer not null default 0,
  orders_open integer not null default 0,
  orders_succeeded integer not null default 0,
  orders_failed integer not null default 0,
  tasks_redialled integer not null default 0,
  tasks_recovered integer not null default 0,
  primary key (trait, campaign_id, unit_id, day, key)
) with (fillfactor = 80);
-- How many people had a call of the kind on `day` and the one before on `previous` ('-infinity': none before), by the same groups. The people of a period are
-- those with a call in it whose call before lies before it: that adds up.
create table reports.funnel_people (
  campaign_id bigint not null,
  unit_id bigint not null,
  day date not null,
  previous date not null,
  attempted integer not null default 0,
  connected integer not null default 0,
  reached integer not null default 0,
  succeeded integer not null default 0,
  primary key (campaign_id, unit_id, day, previous)
) with (fillfactor = 80);
create index funnel_people_first on reports.funnel_people (campaign_id, unit_id, day) where previous = '-infinity';

-- What a call is kept under: its campaign, all, each unit its manager belongs to but the topmost, which has what all have.
create function reports.groups_of(campaign bigint, path text) returns table (campaign_id bigint, unit_id bigint) language sql immutable parallel safe rows 4 as $$
  select campaign, 0::bigint union all select 0, 0 union all select 0, unit from unnest((string_to_array(trim(both '/' from path), '/')::bigint[])[2:]) unit
$$;

-- The calls as they are, as the catalogue counts them. A condition on the customer reaches the calls.
create view reports.counted_call as
select a.customer_id, u.star_level as star, coalesce(u.city, '') as region, a.campaign_id, date_trunc('hour', a.started_at, 'UTC') as hour, a.manager_id, m.org_path as path,
       coalesce(a.list_source, '') as source,
       case when p.variant_bounds = '{}' then 'A' else campaigns.variant_of(p.variant_bounds, a.campaign_id, a.customer_id) end as variant,
       o.connected, o.effective, o.connected and a.talk_seconds >= 18 as talk18, o.converted, a.ordinal = 1 as first, s.state as order_state,
       coalesce(a.ordinal = 2 and not bool_or(o.connected) filter (where a.ordinal = 1) over task, false) as redialled,
       coalesce(a.ordinal = 2 and not bool_or(o.connected) filter (where a.ordinal = 1) over task and bool_or(o.connected) filter (where a.ordinal > 1) over task, false) as recovered
from calls.attempt a
join calls.outcome o on o.code = a.outcome
join campaigns.campaign p on p.id = a.campaign_id
join customers.customer u on u.id = a.customer_id
join staff.v_user m on m.id = a.manager_id
left join calls.sales_order s on s.attempt_id = a.id
window task as (partition by a.customer_id, a.campaign_id, a.task_id);

-- What was counted of these customers, taken away, and their calls as they are, added.
create function reports.signed_calls(customers bigint[]) returns table (
  sign integer, customer_id bigint, star smallint, region text, campaign_id bigint, hour timestamptz, manager_id bigint, path text, source text, variant text,
  connected boolean, effective boolean, talk18 boolean, converted boolean, first boolean, order_state text, redialled boolean, recovered boolean
) language sql stable rows 100 as $$
  select -1, k.customer_id, k.star, k.region, c.* from reports.customer_calls k cross join lateral unnest(k.calls) c where k.customer_id = any(customers)
  union all
  select 1, c.* from reports.counted_call c where c.customer_id = any(customers)
$$;

-- Nothing is worked out while nothing has changed.
create view reports.unsettled_call as
select s.* from (select array_agg(distinct customer_id) as customers from reports.customer_change having count(*) > 0) changed
cross join lateral reports.signed_calls(changed.customers) s;
create view reports.unsettled_people as
      select w.campaign_id, w.unit_id, w.day, u.previous,
             coalesce(sum(w.sign) filter (where u.what = 1), 0)::int as attempted, coalesce(sum(w.sign) filter (where u.what = 2), 0)::int as connected, coalesce(sum(w.sign) filter (where u.what = 3), 0)::int as reached, coalesce(sum(w.sign) filter (where u.what = 4), 0)::int as succeeded
      from (select d.*, coalesce(max(d.attempted) over before, '-infinity') as attempted_before, coalesce(max(d.connected) over before, '-infinity') as connected_before, coalesce(max(d.reached) over before, '-infinity') as reached_before, coalesce(max(d.succeeded) over before, '-infinity') as succeeded_before
            from (select s.sign, s.customer_id, g.campaign_id, g.unit_id, s.day, max(s.day) as attempted, max(s.day) filter (where s.connected) as connected, max(s.day) filter (where s.effective) as reached,
             max(s.day) filter (where s.effective and s.order_state = 'succeeded') as succeeded
                  from (select x.*, platform.day_of(x.hour) as day from reports.unsettled_call x) s cross join lateral reports.groups_of(s.campaign_id, s.path) g group by 1, 2, 3, 4, 5) d
            window before as (partition by d.sign, d.campaign_id, d.unit_id, d.customer_id order by d.day rows between unbounded preceding and 1 preceding)) w
      cross join lateral (values (1, w.attempted, w.attempted_before), (2, w.connected, w.connected_before), (3, w.reached, w.reached_before), (4, w.succeeded, w.succeeded_before)) u(what, last, previous)
      where u.last is not null group by 1, 2, 3, 4;

-- A manager in another unit, a unit in another place: whose calls they made are counted anew.
create function reports.managers_moved() returns trigger language plpgsql as $$
begin
  insert into reports.customer_change select distinct customer_id from calls.attempt where manager_id = new.id;
  return null;
end $$;
create trigger managers_moved after update on staff.app_user for each row
  when (old.org_unit_id is distinct from new.org_unit_id) execute function reports.managers_moved();
create function reports.units_moved() returns trigger language plpgsql as $$
begin
  insert into reports.customer_change
  select distinct a.customer_id from calls.attempt a join staff.app_user u on u.id = a.manager_id where u.org_unit_id = new.id;
  return null;
end $$;
create trigger units_moved after update on staff.org_unit for each row when (old.path is distinct from new.path) execute function reports.units_moved();

-- Counts the customers whose calls changed anew, some thousand at a time. One settles at a time; whoever writes between taking their names and counting leaves
-- the name again. Returns how many changes there were.
-- Planned for the customers at hand: five small rounds must not settle how a large file is counted.
create function reports.settle_rollups() returns bigint language plpgsql set plan_cache_mode = force_custom_plan as $$
declare
  settled bigint := 0;
  who bigint[];
begin
  perform pg_advisory_xact_lock(hashtext('reports.settle_rollups'));
  loop
    with taken as (delete from reports.customer_change where ctid = any (array(select ctid from reports.customer_change limit 20000)) returning customer_id)
    select array_agg(distinct customer_id), settled + count(*) into who, settled from taken;
    exit when who is null;
    with signed as materialized (select * from reports.signed_calls(who)),
    net as materialized (
      select sum(sign)::int as sign, customer_id, star, region, campaign_id, hour, manager_id, path, source, variant, connected, effective, talk18, converted, first, order_state, redialled, recovered
      from signed group by customer_id, star, region, campaign_id, hour, manager_id, path, source, variant, connected, effective, talk18, converted, first, order_state, redialled, recovered having sum(sign) <> 0),
    days as (
      insert into reports.funnel_day as r (day, campaign_id, manager_id, attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed, tasks_redialled, tasks_recovered)
      select * from (select day, coalesce(campaign_id, 0) as campaign_id, manager_id,
             coalesce(sum(sign) filter (where true), 0)::int as attempts,
             coalesce(sum(sign) filter (where s.connected), 0)::int as connected,
             coalesce(sum(sign) filter (where s.effective), 0)::int as effective,
             coalesce(sum(sign) filter (where s.talk18), 0)::int as talk18,
             coalesce(sum(sign) filter (where s.converted), 0)::int as converted,
             coalesce(sum(sign) filter (where s.first), 0)::int as first_dials,
             coalesce(sum(sign) filter (where s.first and s.connected), 0)::int as first_dials_connected,
             coalesce(sum(sign) filter (where s.order_state = 'open'), 0)::int as orders_open,
             coalesce(sum(sign) filter (where s.order_state = 'succeeded'), 0)::int as orders_succeeded,
             coalesce(sum(sign) filter (where s.order_state in ('failed', 'expired')), 0)::int as orders_failed,
             coalesce(sum(sign) filter (where s.redialled), 0)::int as tasks_redialled,
             coalesce(sum(sign) filter (where s.recovered), 0)::int as tasks_recovered
      from (select x.*, platform.day_of(x.hour) as day from net x) s group by grouping sets ((day, campaign_id, manager_id), (day, manager_id))) x
      where (attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed, tasks_redialled, tasks_recovered) is distinct from (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
      on conflict (campaign_id, day, manager_id) do update set attempts = r.attempts + excluded.attempts, connected = r.connected + excluded.connected, effective = r.effective + excluded.effective, talk18 = r.talk18 + excluded.talk18, converted = r.converted + excluded.converted, first_dials = r.first_dials + excluded.first_dials, first_dials_connected = r.first_dials_connected + excluded.first_dials_connected, orders_open = r.orders_open + excluded.orders_open, orders_succeeded = r.orders_succeeded + excluded.orders_succeeded, orders_failed = r.orders_failed + excluded.orders_failed, tasks_redialled = r.tasks_redialled + excluded.tasks_redialled, tasks_recovered = r.tasks_recovered + excluded.tasks_recovered),
    fine as materialized (select campaign_id, path, day, grouping(hour_of, star, region, source, variant) as cut, coalesce(hour_of::text, star::text, region, source, variant) as key,
             coalesce(sum(sign) filter (where true), 0)::int as attempts,
             coalesce(sum(sign) filter (where s.connected), 0)::int as connected,
             coalesce(sum(sign) filter (where s.effective), 0)::int as effective,
             coalesce(sum(sign) filter (where s.talk18), 0)::int as talk18,
             coalesce(sum(sign) filter (where s.converted), 0)::int as converted,
             coalesce(sum(sign) filter (where s.first), 0)::int as first_dials,
             coalesce(sum(sign) filter (where s.first and s.connected), 0)::int as first_dials_connected,
             coalesce(sum(sign) filter (where s.order_state = 'open'), 0)::int as orders_open,
             coalesce(sum(sign) filter (where s.order_state = 'succeeded'), 0)::int as orders_succeeded,
             coalesce(sum(sign) filter (where s.order_state in ('failed', 'expired')), 0)::int as orders_failed,
             coalesce(sum(sign) filter (where s.redialled), 0)::int as tasks_redialled,
             coalesce(sum(sign) filter (where s.recovered), 0)::int as tasks_recovered
      from (select x.*, platform.day_of(x.hour) as day, platform.hour_of(x.hour) as hour_of from net x) s
      group by grouping sets ((campaign_id, path, day, hour_of), (campaign_id, path, day, star), (campaign_id, path, day, region), (campaign_id, path, day, source), (campaign_id, path, day, variant))),
    traits as (
      insert into reports.funnel_trait as r (trait, key, campaign_id, unit_id, day, attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed, tasks_redialled, tasks_recovered)
      select * from (select case f.cut when 15 then 'hour' when 23 then 'star' when 27 then 'region' when 29 then 'source' else 'variant' end as trait, f.key, g.campaign_id, g.unit_id, f.day,
             sum(f.attempts) as attempts, sum(f.connected) as connected, sum(f.effective) as effective, sum(f.talk18) as talk18, sum(f.converted) as converted, sum(f.first_dials) as first_dials, sum(f.first_dials_connected) as first_dials_connected, sum(f.orders_open) as orders_open, sum(f.orders_succeeded) as orders_succeeded, sum(f.orders_failed) as orders_failed, sum(f.tasks_redialled) as tasks_redialled, sum(f.tasks_recovered) as tasks_recovered
      from fine f cross join lateral reports.groups_of(f.campaign_id, f.path) g group by f.cut, f.key, g.campaign_id, g.unit_id, f.day) x
      where (attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed, tasks_redialled, tasks_recovered) is distinct from (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
      on conflict (trait, campaign_id, unit_id, day, key) do update set attempts = r.attempts + excluded.attempts, connected = r.connected + excluded.connected, effective = r.effective + excluded.effective, talk18 = r.talk18 + excluded.talk18, converted = r.converted + excluded.converted, first_dials = r.first_dials + excluded.first_dials, first_dials_connected = r.first_dials_connected + excluded.first_dials_connected, orders_open = r.orders_open + excluded.orders_open, orders_succeeded = r.orders_succeeded + excluded.orders_succeeded, orders_failed = r.orders_failed + excluded.orders_failed, tasks_redialled = r.tasks_redialled + excluded.tasks_redialled, tasks_recovered = r.tasks_recovered + excluded.tasks_recovered),
    -- in which groups people may count otherwise, and from which day on: what lies before is the same, counted or as it is
    changed as materialized (
      select n.customer_id, g.campaign_id, g.unit_id, '%/' || g.unit_id || '/%' as under, platform.day_of(min(n.hour)) as since
      from (select customer_id, campaign_id, path, min(hour) as hour from net group by 1, 2, 3) n
      cross join lateral reports.groups_of(n.campaign_id, n.path) g group by 1, 2, 3),
    daily as materialized (
      select s.sign, s.customer_id, s.campaign_id, s.path, s.day, bool_or(s.connected) as connected, bool_or(s.effective) as effective, bool_or(s.effective and s.order_state = 'succeeded') as succeeded
      from (select x.*, platform.day_of(x.hour) as day from signed x) s group by 1, 2, 3, 4, 5),
    grouped as materialized (
      select s.sign, s.customer_id, s.day, s.connected, s.effective, s.succeeded, c.campaign_id, c.unit_id, s.day >= c.since as later
      from daily s join changed c on c.customer_id = s.customer_id and c.campaign_id = s.campaign_id where s.sign = 1 or s.day >= c.since
      union all
      select s.sign, s.customer_id, s.day, s.connected, s.effective, s.succeeded, 0, c.unit_id, s.day >= c.since
      from daily s join (select * from changed where campaign_id = 0) c on c.customer_id = s.customer_id
      where (s.sign = 1 or s.day >= c.since) and (c.unit_id = 0 or s.path like c.under)),
    daysof as materialized (
      select s.sign, s.customer_id, s.campaign_id, s.unit_id, s.day, max(s.day) as attempted, max(s.day) filter (where s.connected) as connected, max(s.day) filter (where s.effective) as reached, max(s.day) filter (where s.succeeded) as succeeded
      from grouped s where s.later group by 1, 2, 3, 4, 5
      union all
      select v.sign, e.* from (
        select s.customer_id, s.campaign_id, s.unit_id, '-infinity'::date as day, max(s.day) as attempted, max(s.day) filter (where s.connected) as connected, max(s.day) filter (where s.effective) as reached, max(s.day) filter (where s.succeeded) as succeeded from grouped s where not s.later group by 1, 2, 3) e
      cross join (values (1), (-1)) v(sign)),
    people as (
      insert into reports.funnel_people as r (campaign_id, unit_id, day, previous, attempted, connected, reached, succeeded)
      select * from (select w.campaign_id, w.unit_id, w.day, u.previous,
             coalesce(sum(w.sign) filter (where u.what = 1), 0)::int as attempted, coalesce(sum(w.sign) filter (where u.what = 2), 0)::int as connected, coalesce(sum(w.sign) filter (where u.what = 3), 0)::int as reached, coalesce(sum(w.sign) filter (where u.what = 4), 0)::int as succeeded
      from (select * from (
            select l.*, coalesce(max(l.attempted) over before, '-infinity') as attempted_before, coalesce(max(l.connected) over before, '-infinity') as connected_before, coalesce(max(l.reached) over before, '-infinity') as reached_before, coalesce(max(l.succeeded) over before, '-infinity') as succeeded_before
            from daysof l
            window before as (partition by l.sign, l.campaign_id, l.unit_id, l.customer_id order by l.day rows between unbounded preceding and 1 preceding)) l
            where l.day > '-infinity') w
      cross join lateral (values (1, w.attempted, w.attempted_before), (2, w.connected, w.connected_before), (3, w.reached, w.reached_before), (4, w.succeeded, w.succeeded_before)) u(what, last, previous)
      where u.last is not null group by 1, 2, 3, 4) x
      where (attempted, connected, reached, succeeded) is distinct from (0, 0, 0, 0)
      on conflict (campaign_id, unit_id, day, previous) do update set attempted = r.attempted + excluded.attempted, connected = r.connected + excluded.connected, reached = r.reached + excluded.reached, succeeded = r.succeeded + excluded.succeeded),
    kept as (
      insert into reports.customer_calls as r (customer_id, star, region, calls)
      select customer_id, star, region, array_agg((campaign_id, hour, manager_id, path, source, variant, connected, effective, talk18, converted, first, order_state, redialled, recovered)::reports.kept_call order by campaign_id, hour, manager_id, path, source, variant, connected, effective, talk18, converted, first, order_state, redialled, recovered)
      from signed where sign = 1 and customer_id in (select customer_id from net) group by customer_id, star, region
      on conflict (customer_id) do update set star = excluded.star, region = excluded.region, calls = excluded.calls)
    delete from reports.customer_calls k
    using (select distinct customer_id from net where sign < 0) less
    where k.customer_id = less.customer_id and not exists (select from signed s where s.sign = 1 and s.customer_id = k.customer_id);
  end loop;
  return settled;
end $$;

-- Counts all calls anew and sets right what differs, while people work; returns how many cells were wrong, 0 when all is well. First whose calls are not as they
-- were counted (those count as changed from now on), then the kept counts against what was counted of each customer.
create function reports.correct_rollups() returns bigint language plpgsql as $$
declare
  found bigint;
begin
  perform pg_advisory_xact_lock(hashtext('reports.settle_rollups'));
  with wrong as (
    insert into reports.customer_change
    select u.customer_id
    from (select customer_id from calls.attempt union select customer_id from reports.customer_calls) u
    left join reports.customer_calls k on k.customer_id = u.customer_id
    left join (select customer_id, star, region, array_agg((campaign_id, hour, manager_id, path, source, variant, connected, effective, talk18, converted, first, order_state, redialled, recovered)::reports.kept_call order by campaign_id, hour, manager_id, path, source, variant, connected, effective, talk18, converted, first, order_state, redialled, recovered) as calls
               from reports.counted_call group by 1, 2, 3) c on c.customer_id = u.customer_id
    where (k.calls, k.star, k.region) is distinct from (c.calls, c.star, c.region)
      and not exists (select from reports.customer_change d where d.customer_id = u.customer_id)
    returning 1)
  select count(*) into found from wrong;
  with wrong as (
    insert into reports.funnel_day as r (day, campaign_id, manager_id, attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed, tasks_redialled, tasks_recovered)
    select * from (select day, campaign_id, manager_id, sum(attempts) as attempts, sum(connected) as connected, sum(effective) as effective, sum(talk18) as talk18, sum(converted) as converted, sum(first_dials) as first_dials, sum(first_dials_connected) as first_dials_connected, sum(orders_open) as orders_open, sum(orders_succeeded) as orders_succeeded, sum(orders_failed) as orders_failed, sum(tasks_redialled) as tasks_redialled, sum(tasks_recovered) as tasks_recovered from (
      select day, coalesce(campaign_id, 0) as campaign_id, manager_id,
             coalesce(sum(sign) filter (where true), 0)::int as attempts,
             coalesce(sum(sign) filter (where s.connected), 0)::int as connected,
             coalesce(sum(sign) filter (where s.effective), 0)::int as effective,
             coalesce(sum(sign) filter (where s.talk18), 0)::int as talk18,
             coalesce(sum(sign) filter (where s.converted), 0)::int as converted,
             coalesce(sum(sign) filter (where s.first), 0)::int as first_dials,
             coalesce(sum(sign) filter (where s.first and s.connected), 0)::int as first_dials_connected,
             coalesce(sum(sign) filter (where s.order_state = 'open'), 0)::int as orders_open,
             coalesce(sum(sign) filter (where s.order_state = 'succeeded'), 0)::int as orders_succeeded,
             coalesce(sum(sign) filter (where s.order_state in ('failed', 'expired')), 0)::int as orders_failed,
             coalesce(sum(sign) filter (where s.redialled), 0)::int as tasks_redialled,
             coalesce(sum(sign) filter (where s.recovered), 0)::int as tasks_recovered
      from (select x.*, platform.day_of(x.hour) as day from (select 1 as sign, k.customer_id, k.star, k.region, c.* from reports.customer_calls k cross join lateral unnest(k.calls) c) x) s group by grouping sets ((day, campaign_id, manager_id), (day, manager_id))
      union all select day, campaign_id, manager_id, -attempts, -connected, -effective, -talk18, -converted, -first_dials, -first_dials_connected, -orders_open, -orders_succeeded, -orders_failed, -tasks_redialled, -tasks_recovered from reports.funnel_day) y group by day, campaign_id, manager_id) x
    where (attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed, tasks_redialled, tasks_recovered) is distinct from (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    on conflict (day, campaign_id, manager_id) do update set attempts = r.attempts + excluded.attempts, connected = r.connected + excluded.connected, effective = r.effective + excluded.effective, talk18 = r.talk18 + excluded.talk18, converted = r.converted + excluded.converted, first_dials = r.first_dials + excluded.first_dials, first_dials_connected = r.first_dials_connected + excluded.first_dials_connected, orders_open = r.orders_open + excluded.orders_open, orders_succeeded = r.orders_succeeded + excluded.orders_succeeded, orders_failed = r.orders_failed + excluded.orders_failed, tasks_redialled = r.tasks_redialled + excluded.tasks_redialled, tasks_recovered = r.tasks_recovered + excluded.tasks_recovered returning 1)
  select found + count(*) into found from wrong;
  with wrong as (
    insert into reports.funnel_trait as r (trait, key, campaign_id, unit_id, day, attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed, tasks_redialled, tasks_recovered)
    select * from (select trait, key, campaign_id, unit_id, day, sum(attempts) as attempts, sum(connected) as connected, sum(effective) as effective, sum(talk18) as talk18, sum(converted) as converted, sum(first_dials) as first_dials, sum(first_dials_connected) as first_dials_connected, sum(orders_open) as orders_open, sum(orders_succeeded) as orders_succeeded, sum(orders_failed) as orders_failed, sum(tasks_redialled) as tasks_redialled, sum(tasks_recovered) as tasks_recovered from (
      select case f.cut when 15 then 'hour' when 23 then 'star' when 27 then 'region' when 29 then 'source' else 'variant' end as trait, f.key, g.campaign_id, g.unit_id, f.day,
             sum(f.attempts) as attempts, sum(f.connected) as connected, sum(f.effective) as effective, sum(f.talk18) as talk18, sum(f.converted) as converted, sum(f.first_dials) as first_dials, sum(f.first_dials_connected) as first_dials_connected, sum(f.orders_open) as orders_open, sum(f.orders_succeeded) as orders_succeeded, sum(f.orders_failed) as orders_failed, sum(f.tasks_redialled) as tasks_redialled, sum(f.tasks_recovered) as tasks_recovered
      from (select campaign_id, path, day, grouping(hour_of, star, region, source, variant) as cut, coalesce(hour_of::text, star::text, region, source, variant) as key,
             coalesce(sum(sign) filter (where true), 0)::int as attempts,
             coalesce(sum(sign) filter (where s.connected), 0)::int as connected,
             coalesce(sum(sign) filter (where s.effective), 0)::int as effective,
             coalesce(sum(sign) filter (where s.talk18), 0)::int as talk18,
             coalesce(sum(sign) filter (where s.converted), 0)::int as converted,
             coalesce(sum(sign) filter (where s.first), 0)::int as first_dials,
             coalesce(sum(sign) filter (where s.first and s.connected), 0)::int as first_dials_connected,
             coalesce(sum(sign) filter (where s.order_state = 'open'), 0)::int as orders_open,
             coalesce(sum(sign) filter (where s.order_state = 'succeeded'), 0)::int as orders_succeeded,
             coalesce(sum(sign) filter (where s.order_state in ('failed', 'expired')), 0)::int as orders_failed,
             coalesce(sum(sign) filter (where s.redialled), 0)::int as tasks_redialled,
             coalesce(sum(sign) filter (where s.recovered), 0)::int as tasks_recovered
      from (select x.*, platform.day_of(x.hour) as day, platform.hour_of(x.hour) as hour_of from (select 1 as sign, k.customer_id, k.star, k.region, c.* from reports.customer_calls k cross join lateral unnest(k.calls) c) x) s
      group by grouping sets ((campaign_id, path, day, hour_of), (campaign_id, path, day, star), (campaign_id, path, day, region), (campaign_id, path, day, source), (campaign_id, path, day, variant))) f cross join lateral reports.groups_of(f.campaign_id, f.path) g group by f.cut, f.key, g.campaign_id, g.unit_id, f.day
      union all select trait, key, campaign_id, unit_id, day, -attempts, -connected, -effective, -talk18, -converted, -first_dials, -first_dials_connected, -orders_open, -orders_succeeded, -orders_failed, -tasks_redialled, -tasks_recovered from reports.funnel_trait) y group by trait, key, campaign_id, unit_id, day) x
    where (attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed, tasks_redialled, tasks_recovered) is distinct from (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    on conflict (trait, key, campaign_id, unit_id, day) do update set attempts = r.attempts + excluded.attempts, connected = r.connected + excluded.connected, effective = r.effective + excluded.effective, talk18 = r.talk18 + excluded.talk18, converted = r.converted + excluded.converted, first_dials = r.first_dials + excluded.first_dials, first_dials_connected = r.first_dials_connected + excluded.first_dials_connected, orders_open = r.orders_open + excluded.orders_open, orders_succeeded = r.orders_succeeded + excluded.orders_succeeded, orders_failed = r.orders_failed + excluded.orders_failed, tasks_redialled = r.tasks_redialled + excluded.tasks_redialled, tasks_recovered = r.tasks_recovered + excluded.tasks_recovered returning 1)
  select found + count(*) into found from wrong;
  with wrong as (
    insert into reports.funnel_people as r (campaign_id, unit_id, day, previous, attempted, connected, reached, succeeded)
    select * from (select campaign_id, unit_id, day, previous, sum(attempted) as attempted, sum(connected) as connected, sum(reached) as reached, sum(succeeded) as succeeded from (
      select w.campaign_id, w.unit_id, w.day, u.previous,
             coalesce(sum(w.sign) filter (where u.what = 1), 0)::int as attempted, coalesce(sum(w.sign) filter (where u.what = 2), 0)::int as connected, coalesce(sum(w.sign) filter (where u.what = 3), 0)::int as reached, coalesce(sum(w.sign) filter (where u.what = 4), 0)::int as succeeded
      from (select d.*, coalesce(max(d.attempted) over before, '-infinity') as attempted_before, coalesce(max(d.connected) over before, '-infinity') as connected_before, coalesce(max(d.reached) over before, '-infinity') as reached_before, coalesce(max(d.succeeded) over before, '-infinity') as succeeded_before
            from (select s.sign, s.customer_id, g.campaign_id, g.unit_id, s.day, max(s.day) as attempted, max(s.day) filter (where s.connected) as connected, max(s.day) filter (where s.effective) as reached,
             max(s.day) filter (where s.effective and s.order_state = 'succeeded') as succeeded
                  from (select x.*, platform.day_of(x.hour) as day from (select 1 as sign, k.customer_id, k.star, k.region, c.* from reports.customer_calls k cross join lateral unnest(k.calls) c) x) s cross join lateral reports.groups_of(s.campaign_id, s.path) g group by 1, 2, 3, 4, 5) d
            window before as (partition by d.sign, d.campaign_id, d.unit_id, d.customer_id order by d.day rows between unbounded preceding and 1 preceding)) w
      cross join lateral (values (1, w.attempted, w.attempted_before), (2, w.connected, w.connected_before), (3, w.reached, w.reached_before), (4, w.succeeded, w.succeeded_before)) u(what, last, previous)
      where u.last is not null group by 1, 2, 3, 4
      union all select campaign_id, unit_id, day, previous, -attempted, -connected, -reached, -succeeded from reports.funnel_people) y group by campaign_id, unit_id, day, previous) x
    where (attempted, connected, reached, succeeded) is distinct from (0, 0, 0, 0)
    on conflict (campaign_id, unit_id, day, previous) do update set attempted = r.attempted + excluded.attempted, connected = r.connected + excluded.connected, reached = r.reached + excluded.reached, succeeded = r.succeeded + excluded.succeeded returning 1)
  select found + count(*) into found from wrong;
  return found;
end $$;

select reports.correct_rollups();
select reports.settle_rollups();
