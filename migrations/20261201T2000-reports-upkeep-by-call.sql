-- A call that adds itself is found by its id: the calls of the months before it are read only where its customer has calls of the same campaign behind them.
alter table reports.customer_change add attempt_id uuid;

create or replace function reports.callers_inserted() returns trigger language plpgsql as $$
begin
  insert into reports.customer_change select customer_id, campaign_id, id from new_rows;
  return null;
end $$;
create or replace function reports.callers_updated() returns trigger language plpgsql as $$
begin
  insert into reports.customer_change select customer_id, campaign_id, id from old_rows union select customer_id, campaign_id, id from new_rows;
  return null;
end $$;
create or replace function reports.callers_deleted() returns trigger language plpgsql as $$
begin
  insert into reports.customer_change select customer_id, campaign_id, id from old_rows;
  return null;
end $$;
create or replace function reports.orderers_inserted() returns trigger language plpgsql as $$
begin
  insert into reports.customer_change select distinct a.customer_id, a.campaign_id, a.id from new_rows s join calls.attempt a on a.id = s.attempt_id;
  return null;
end $$;
create or replace function reports.orderers_updated() returns trigger language plpgsql as $$
begin
  insert into reports.customer_change
  select distinct a.customer_id, a.campaign_id, a.id from (select attempt_id from new_rows union select attempt_id from old_rows) s join calls.attempt a on a.id = s.attempt_id;
  return null;
end $$;
create or replace function reports.orderers_deleted() returns trigger language plpgsql as $$
begin
  insert into reports.customer_change select distinct a.customer_id, a.campaign_id, a.id from old_rows s join calls.attempt a on a.id = s.attempt_id;
  return null;
end $$;

-- What counted_call says of these calls alone; a task's calls must all be among them.
create function reports.counted_calls(ids uuid[]) returns setof reports.counted_call language sql stable rows 1000 as $$
  select a.customer_id, u.star_level, coalesce(u.city, ''), a.campaign_id, date_trunc('hour', a.started_at, 'UTC'), a.manager_id, m.org_path, coalesce(a.list_source, ''),
         case when p.variant_bounds = '{}' then 'A' else campaigns.variant_of(p.variant_bounds, a.campaign_id, a.customer_id) end,
         o.connected, o.effective, o.connected and a.talk_seconds >= 18, o.converted, a.ordinal = 1, s.state,
         coalesce(a.ordinal = 2 and not bool_or(o.connected) filter (where a.ordinal = 1) over task, false),
         coalesce(a.ordinal = 2 and not bool_or(o.connected) filter (where a.ordinal = 1) over task and bool_or(o.connected) filter (where a.ordinal > 1) over task, false)
  from calls.attempt a
  join calls.outcome o on o.code = a.outcome
  join campaigns.campaign p on p.id = a.campaign_id
  join customers.customer u on u.id = a.customer_id
  join staff.v_user m on m.id = a.manager_id
  left join calls.sales_order s on s.attempt_id = a.id
  where a.id = any (ids)
  window task as (partition by a.customer_id, a.campaign_id, a.task_id)
$$;

-- As before, but for the calls that are counted: those named, those of a campaign of which calls are kept, and all calls of a customer noted without one.
create or replace function reports.settle_rollups() returns bigint language plpgsql set plan_cache_mode = force_custom_plan as $$
declare
  settled bigint := 0;
  -- the changes taken, side by side
  of_customers bigint[];
  of_campaigns bigint[];
  of_calls uuid[];
  who bigint[];
  -- those whose every call is counted anew; those whose calls of a campaign are, with it, also as '<customer>:<campaign>'; and all calls to count
  whole bigint[];
  again bigint[];
  again_in bigint[];
  parts text[];
  counted uuid[];
begin
  perform pg_advisory_xact_lock(hashtext('reports.settle_rollups'));
  loop
    with taken as (delete from reports.customer_change where ctid = any (array(select ctid from reports.customer_change limit 20000)) returning customer_id, campaign_id, attempt_id)
    select array_agg(customer_id), array_agg(campaign_id), array_agg(attempt_id), settled + count(*) into of_customers, of_campaigns, of_calls, settled from taken;
    exit when of_customers is null;
    with change as materialized (select * from unnest(of_customers, of_campaigns, of_calls) as c(customer_id, campaign_id, attempt_id)),
    kept as materialized (
      select distinct k.customer_id, c.campaign_id from reports.customer_calls k cross join lateral unnest(k.calls) c where k.customer_id = any (of_customers)),
    part as (
      select c.customer_id, c.campaign_id from change c left join kept k on k.customer_id = c.customer_id and k.campaign_id = c.campaign_id
      where c.campaign_id is not null group by 1, 2 having count(k.customer_id) > 0 or count(c.attempt_id) < count(*))
    select array(select distinct customer_id from change), array(select distinct customer_id from change where campaign_id is null),
           array(select customer_id || ':' || campaign_id from part), array(select customer_id from part order by 1, campaign_id), array(select campaign_id from part order by customer_id, 1)
    into who, whole, parts, again, again_in;
    counted := array(
      -- one that was moved to another campaign or customer is noted there too
      select a.id from unnest(of_customers, of_campaigns, of_calls) c(customer_id, campaign_id, id) join calls.attempt a using (id, customer_id, campaign_id)
      union select a.id from calls.attempt a where a.customer_id = any (whole)
      union select a.id from unnest(again, again_in) p(customer_id, campaign_id) join calls.attempt a using (customer_id, campaign_id));
    with kept_before as materialized (
      select k.customer_id, k.star, k.region, c.*, k.customer_id = any (whole) or (k.customer_id || ':' || c.campaign_id) = any (parts) as anew
      from reports.customer_calls k cross join lateral unnest(k.calls) c where k.customer_id = any (who)),
    signed as materialized (
      select -1 as sign, customer_id, star, region, campaign_id, hour, manager_id, path, source, variant, connected, effective, talk18, converted, first, order_state, redialled, recovered from kept_before where anew
      union all
      -- star and region as the customer's other calls are kept under: who moved is noted as a whole, and it is their turn then
      select 1, c.customer_id, case when k.customer_id is null or c.customer_id = any (whole) then c.star else k.star end,
             case when k.customer_id is null or c.customer_id = any (whole) then c.region else k.region end, c.campaign_id, c.hour, c.manager_id, c.path, c.source, c.variant, c.connected, c.effective, c.talk18, c.converted, c.first, c.order_state, c.redialled, c.recovered
      from reports.counted_calls(counted) c left join reports.customer_calls k on k.customer_id = c.customer_id),
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
    -- from which day on the people of a customer may count otherwise: what lies before is the same, counted or as it is; and in which groups
    firsts as materialized (select customer_id, platform.day_start(platform.day_of(min(hour))) as since from net group by 1),
    changed as materialized (
      select distinct n.customer_id, n.campaign_id, 0::bigint as unit_id, null as under from net n
      union all
      select distinct n.customer_id, 0, g.unit_id, '%/' || g.unit_id || '/%'
      from net n join (select p.path, g.unit_id from (select distinct path from net) p cross join lateral reports.groups_of(0, p.path) g group by 1, 2) g on g.path = n.path),
    -- a call later than all before it finds nothing here but itself: that is what a day's work costs
    daily as materialized (
      select s.sign, s.customer_id, s.campaign_id, s.path, platform.day_of(s.hour) as day, bool_or(s.connected) as connected, bool_or(s.effective) as effective, bool_or(s.effective and s.order_state = 'succeeded') as succeeded
      from (select s.* from (select sign, customer_id, campaign_id, path, hour, connected, effective, order_state from signed) s join firsts f on f.customer_id = s.customer_id and s.hour >= f.since
            union all
            select v.sign, k.customer_id, k.campaign_id, k.path, k.hour, k.connected, k.effective, k.order_state
            from (select k.* from kept_before k join firsts f on f.customer_id = k.customer_id and k.hour >= f.since where not k.anew) k cross join (values (1), (-1)) v(sign)) s
      group by 1, 2, 3, 4, 5),
    grouped as (
      select s.sign, s.customer_id, s.day, s.connected, s.effective, s.succeeded, c.campaign_id, c.unit_id
      from daily s join changed c on c.customer_id = s.customer_id and c.campaign_id = s.campaign_id
      union all
      select s.sign, s.customer_id, s.day, s.connected, s.effective, s.succeeded, 0, c.unit_id
      from daily s join changed c on c.customer_id = s.customer_id and c.campaign_id = 0 where c.unit_id = 0 or s.path like c.under),
    daysof as (
      select s.sign, s.customer_id, s.campaign_id, s.unit_id, s.day, bool_or(s.connected) as connected, bool_or(s.effective) as effective, bool_or(s.succeeded) as succeeded
      from grouped s group by 1, 2, 3, 4, 5),
    earlier as materialized (
      select c.customer_id, c.campaign_id, c.unit_id, platform.day_of(max(k.hour)) as attempted, platform.day_of(max(k.hour) filter (where k.connected)) as connected,
             platform.day_of(max(k.hour) filter (where k.effective)) as reached, platform.day_of(max(k.hour) filter (where k.effective and k.order_state = 'succeeded')) as succeeded
      from changed c left join (
        select k.customer_id, k.campaign_id, k.path, k.hour, k.connected, k.effective, k.order_state
        from kept_before k join firsts f on f.customer_id = k.customer_id and k.hour < f.since) k
        on k.customer_id = c.customer_id and c.campaign_id in (0, k.campaign_id) and (c.unit_id = 0 or k.path like c.under)
      group by 1, 2, 3),
    walked as materialized (
      select w.sign, w.campaign_id, w.unit_id, w.day, w.connected, w.effective, w.succeeded,
             coalesce(w.attempted_before, e.attempted, '-infinity') as attempted_before, coalesce(w.connected_before, e.connected, '-infinity') as connected_before,
             coalesce(w.reached_before, e.reached, '-infinity') as reached_before, coalesce(w.succeeded_before, e.succeeded, '-infinity') as succeeded_before
      from (select l.*, max(l.day) over before as attempted_before, max(l.day) filter (where l.connected) over before as connected_before,
                   max(l.day) filter (where l.effective) over before as reached_before, max(l.day) filter (where l.succeeded) over before as succeeded_before
            from daysof l
            window before as (partition by l.sign, l.customer_id, l.campaign_id, l.unit_id order by l.day rows between unbounded preceding and 1 preceding)) w
      left join earlier e on e.customer_id = w.customer_id and e.campaign_id = w.campaign_id and e.unit_id = w.unit_id),
    people as (
      insert into reports.funnel_people as r (campaign_id, unit_id, day, previous, attempted, connected, reached, succeeded)
      select * from (
        select u.campaign_id, u.unit_id, u.day, u.previous, sum(u.attempted)::int as attempted, sum(u.connected)::int as connected, sum(u.reached)::int as reached, sum(u.succeeded)::int as succeeded
        from (select campaign_id, unit_id, day, attempted_before as previous, sign as attempted, 0 as connected, 0 as reached, 0 as succeeded from walked
              union all select campaign_id, unit_id, day, connected_before, 0, sign, 0, 0 from walked where connected
              union all select campaign_id, unit_id, day, reached_before, 0, 0, sign, 0 from walked where effective
              union all select campaign_id, unit_id, day, succeeded_before, 0, 0, 0, sign from walked where succeeded) u
        group by 1, 2, 3, 4) x
      where (attempted, connected, reached, succeeded) is distinct from (0, 0, 0, 0)
      on conflict (campaign_id, unit_id, day, previous) do update set attempted = r.attempted + excluded.attempted, connected = r.connected + excluded.connected, reached = r.reached + excluded.reached, succeeded = r.succeeded + excluded.succeeded),
    held as materialized (
      select n.customer_id, coalesce(f.star, k.star) as star, coalesce(f.region, k.region) as region, case when l.customer_id is null then coalesce(k.calls, '{}') else coalesce(l.calls, '{}') end || coalesce(f.calls, '{}') as calls
      from (select distinct customer_id from net) n
      left join reports.customer_calls k on k.customer_id = n.customer_id
      left join (select customer_id, star, region, array_agg((campaign_id, hour, manager_id, path, source, variant, connected, effective, talk18, converted, first, order_state, redialled, recovered)::reports.kept_call) as calls from signed where sign = 1 group by 1, 2, 3) f on f.customer_id = n.customer_id
      left join (select customer_id, array_agg((campaign_id, hour, manager_id, path, source, variant, connected, effective, talk18, converted, first, order_state, redialled, recovered)::reports.kept_call) filter (where not anew) as calls
                 from kept_before where customer_id in (select customer_id from kept_before where anew) group by 1) l on l.customer_id = n.customer_id),
    kept as (
      insert into reports.customer_calls as r (customer_id, star, region, calls) select * from held where cardinality(calls) > 0
      on conflict (customer_id) do update set star = excluded.star, region = excluded.region, calls = excluded.calls)
    delete from reports.customer_calls k using held h where k.customer_id = h.customer_id and cardinality(h.calls) = 0;
  end loop;
  return settled;
end $$;
