-- What the funnel counts that hangs on more than one call, or on what a customer is today: people (they do not add up), what came of second dials, stars, regions and scripts on trial.
-- All of it is derived from the calls of one customer at a time. `customer_calls` is what is counted of a customer so far, `customer_change` names whose calls
-- have changed since; a figure is the kept counts, less what was counted of those customers, plus their calls as they are. So it is right at any instant, and nobody waits.
create type reports.kept_call as (
  campaign_id bigint,
  -- the instant at which the hour begins
  hour timestamptz,
  manager_id bigint,
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
create table reports.customer_change (customer_id bigint not null) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);

alter table reports.funnel_day add tasks_redialled integer not null default 0, add tasks_recovered integer not null default 0;
alter table reports.funnel_hour add tasks_redialled integer not null default 0, add tasks_recovered integer not null default 0;
-- One narrow part for each trait: star, region, source of the list, variant of the script; by campaign and over all of them (0).
create table reports.funnel_trait (
  trait text not null check (trait in ('star', 'region', 'source', 'variant')),
  key text not null,
  campaign_id bigint not null,
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
  primary key (trait, campaign_id, day, key)
) with (fillfactor = 80);
-- How many people had a call of the kind on `day` and the one before on `previous` ('-infinity': none before), by campaign and over all of them (0). The people of a
-- period are those with a call in it whose call before lies before it: that adds up.
create table reports.funnel_people (
  campaign_id bigint not null,
  day date not null,
  previous date not null,
  attempted integer not null default 0,
  connected integer not null default 0,
  reached integer not null default 0,
  succeeded integer not null default 0,
  primary key (campaign_id, day, previous)
) with (fillfactor = 80);
create index funnel_people_first on reports.funnel_people (campaign_id, day) where previous = '-infinity';

-- The calls as they are, as the catalogue counts them. A condition on the customer reaches the calls.
create view reports.counted_call as
select a.customer_id, u.star_level as star, coalesce(u.city, '') as region, a.campaign_id, date_trunc('hour', a.started_at, 'UTC') as hour, a.manager_id, coalesce(a.list_source, '') as source,
       case when p.variant_bounds = '{}' then 'A' else campaigns.variant_of(p.variant_bounds, a.campaign_id, a.customer_id) end as variant, o.connected, o.effective, o.connected and a.talk_seconds >= 18 as talk18, o.converted,
       a.ordinal = 1 as first, s.state as order_state,
       coalesce(a.ordinal = 2 and not bool_or(o.connected) filter (where a.ordinal = 1) over task, false) as redialled,
       coalesce(a.ordinal = 2 and not bool_or(o.connected) filter (where a.ordinal = 1) over task and bool_or(o.connected) filter (where a.ordinal > 1) over task, false) as recovered
from calls.attempt a
join calls.outcome o on o.code = a.outcome
join campaigns.campaign p on p.id = a.campaign_id
join customers.customer u on u.id = a.customer_id
left join calls.sales_order s on s.attempt_id = a.id
window task as (partition by a.customer_id, a.campaign_id, a.task_id);

-- What was counted of these customers, taken away, and their calls as they are, added.
create function reports.signed_calls(customers bigint[]) returns table (
  sign integer, customer_id bigint, star smallint, region text, campaign_id bigint, hour timestamptz, manager_id bigint, source text, variant text, connected boolean, effective boolean,
  talk18 boolean, converted boolean, first boolean, order_state text, redialled boolean, recovered boolean
) language sql stable rows 100 as $$
  select -1, k.customer_id, k.star, k.region, c.* from reports.customer_calls k cross join lateral unnest(k.calls) c where k.customer_id = any(customers)
  union all
  select 1, c.* from reports.counted_call c where c.customer_id = any(customers)
$$;

create view reports.unsettled_call as select * from reports.signed_calls((select array_agg(distinct customer_id) from reports.customer_change));
create view reports.unsettled_people as
    select g.campaign_id, g.day, u.previous, coalesce(sum(g.sign) filter (where u.what = 1), 0) as attempted, coalesce(sum(g.sign) filter (where u.what = 2), 0) as connected,
           coalesce(sum(g.sign) filter (where u.what = 3), 0) as reached, coalesce(sum(g.sign) filter (where u.what = 4), 0) as succeeded
    from (select *, max(attempted) over w as attempted_before, max(connected) over w as connected_before, max(reached) over w as reached_before, max(succeeded) over w as succeeded_before
          from (select d.sign, c.campaign_id, d.customer_id, d.day, max(d.attempted) as attempted, max(d.connected) as connected, max(d.reached) as reached, max(d.succeeded) as succeeded
                from (select s.sign, s.campaign_id, s.customer_id, platform.day_of(s.hour) as day, max(platform.day_of(s.hour)) as attempted, max(platform.day_of(s.hour)) filter (where s.connected) as connected,
                             max(platform.day_of(s.hour)) filter (where s.effective) as reached, max(platform.day_of(s.hour)) filter (where s.effective and s.order_state = 'succeeded') as succeeded
                      from reports.unsettled_call s group by 1, 2, 3, 4) d
                cross join lateral (values (0::bigint), (d.campaign_id)) c(campaign_id) group by 1, 2, 3, 4) d
          window w as (partition by sign, campaign_id, customer_id order by day rows between unbounded preceding and 1 preceding)) g
    cross join lateral (values (1, g.attempted, coalesce(g.attempted_before, '-infinity')), (2, g.connected, coalesce(g.connected_before, '-infinity')),
                               (3, g.reached, coalesce(g.reached_before, '-infinity')), (4, g.succeeded, coalesce(g.succeeded_before, '-infinity'))) u(what, last, previous)
    where u.last is not null and g.day > '-infinity' group by 1, 2, 3;

-- Whose calls have changed: once a statement, whoever wrote it.
create function reports.callers_inserted() returns trigger language plpgsql as $$
begin
  insert into reports.customer_change select distinct customer_id from new_rows;
  return null;
end $$;
create function reports.callers_updated() returns trigger language plpgsql as $$
begin
  insert into reports.customer_change select customer_id from old_rows union select customer_id from new_rows;
  return null;
end $$;
create function reports.callers_deleted() returns trigger language plpgsql as $$
begin
  insert into reports.customer_change select distinct customer_id from old_rows;
  return null;
end $$;
create function reports.orderers_inserted() returns trigger language plpgsql as $$
begin
  insert into reports.customer_change select distinct a.customer_id from new_rows s join calls.attempt a on a.id = s.attempt_id;
  return null;
end $$;
create function reports.orderers_updated() returns trigger language plpgsql as $$
begin
  insert into reports.customer_change select distinct a.customer_id from (select attempt_id from new_rows union select attempt_id from old_rows) s join calls.attempt a on a.id = s.attempt_id;
  return null;
end $$;
create function reports.orderers_deleted() returns trigger language plpgsql as $$
begin
  insert into reports.customer_change select distinct a.customer_id from old_rows s join calls.attempt a on a.id = s.attempt_id;
  return null;
end $$;
create function reports.caller_changed() returns trigger language plpgsql as $$
begin
  insert into reports.customer_change values (new.id);
  return null;
end $$;
create trigger callers_inserted after insert on calls.attempt referencing new table as new_rows for each statement execute function reports.callers_inserted();
create trigger callers_updated after update on calls.attempt referencing old table as old_rows new table as new_rows for each statement execute function reports.callers_updated();
create trigger callers_deleted after delete on calls.attempt referencing old table as old_rows for each statement execute function reports.callers_deleted();
create trigger orderers_inserted after insert on calls.sales_order referencing new table as new_rows for each statement execute function reports.orderers_inserted();
create trigger orderers_updated after update on calls.sales_order referencing old table as old_rows new table as new_rows for each statement execute function reports.orderers_updated();
create trigger orderers_deleted after delete on calls.sales_order referencing old table as old_rows for each statement execute function reports.orderers_deleted();
-- Star and city only, so that an import that changes neither pays nothing.
create trigger caller_changed after update on customers.customer for each row
  when (old.star_level is distinct from new.star_level or old.city is distinct from new.city) execute function reports.caller_changed();

-- Other shares for the scripts on trial: who heard which is drawn anew.
create function reports.variants_changed() returns trigger language plpgsql as $$
begin
  insert into reports.customer_change select distinct customer_id from calls.attempt where campaign_id = new.id;
  return null;
end $$;
create trigger variants_changed after update on campaigns.campaign for each row
  when (old.variant_bounds is distinct from new.variant_bounds) execute function reports.variants_changed();

-- The changes of the counts that add up (see reports-rollups), as they were settled before.
alter function reports.settle_rollups() rename to settle_counts;
alter function reports.correct_rollups() rename to correct_counts;

-- Counts the customers whose calls changed anew, some thousand at a time. Whoever writes between taking their names and counting leaves the name again.
create function reports.settle_people() returns bigint language plpgsql as $$
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
    net as materialized (select sum(sign) as sign, customer_id, star, region, campaign_id, hour, manager_id, source, variant, connected, effective, talk18, converted, first, order_state, redialled, recovered from signed group by customer_id, star, region, campaign_id, hour, manager_id, source, variant, connected, effective, talk18, converted, first, order_state, redialled, recovered having sum(sign) <> 0),
    -- before the first call that differs nothing differs: those days count as one
    since as materialized (select customer_id, platform.day_of(min(hour)) as since from net group by 1),
    days as (insert into reports.funnel_day as r (day, campaign_id, manager_id, tasks_redialled, tasks_recovered)
    select * from (select platform.day_of(s.hour) as day, s.campaign_id, s.manager_id,
           coalesce(sum(sign) filter (where s.redialled), 0) as tasks_redialled,
           coalesce(sum(sign) filter (where s.recovered), 0) as tasks_recovered
    from net s where s.redialled group by 1,2,3) x where (tasks_redialled, tasks_recovered) is distinct from (0, 0)
    on conflict (day, campaign_id, manager_id) do update set tasks_redialled = r.tasks_redialled + excluded.tasks_redialled, tasks_recovered = r.tasks_recovered + excluded.tasks_recovered),
    hours as (insert into reports.funnel_hour as r (campaign_id, hour, tasks_redialled, tasks_recovered)
    select * from (select s.campaign_id, s.hour,
           coalesce(sum(sign) filter (where s.redialled), 0) as tasks_redialled,
           coalesce(sum(sign) filter (where s.recovered), 0) as tasks_recovered
    from net s where s.redialled group by 1,2) x where (tasks_redialled, tasks_recovered) is distinct from (0, 0)
    on conflict (campaign_id, hour) do update set tasks_redialled = r.tasks_redialled + excluded.tasks_redialled, tasks_recovered = r.tasks_recovered + excluded.tasks_recovered),
    traits as (insert into reports.funnel_trait as r (trait, key, campaign_id, day, attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed, tasks_redialled, tasks_recovered)
    select * from (select t.trait, t.key, c.campaign_id, platform.day_of(s.hour) as day,
           coalesce(sum(sign) filter (where true), 0) as attempts,
           coalesce(sum(sign) filter (where s.connected), 0) as connected,
           coalesce(sum(sign) filter (where s.effective), 0) as effective,
           coalesce(sum(sign) filter (where s.talk18), 0) as talk18,
           coalesce(sum(sign) filter (where s.converted), 0) as converted,
           coalesce(sum(sign) filter (where s.first), 0) as first_dials,
           coalesce(sum(sign) filter (where s.first and s.connected), 0) as first_dials_connected,
           coalesce(sum(sign) filter (where s.order_state = 'open'), 0) as orders_open,
           coalesce(sum(sign) filter (where s.order_state = 'succeeded'), 0) as orders_succeeded,
           coalesce(sum(sign) filter (where s.order_state in ('failed', 'expired')), 0) as orders_failed,
           coalesce(sum(sign) filter (where s.redialled), 0) as tasks_redialled,
           coalesce(sum(sign) filter (where s.recovered), 0) as tasks_recovered
    from net s cross join lateral (values (0::bigint), (s.campaign_id)) c(campaign_id) cross join lateral (values ('star', s.star::text), ('region', s.region), ('source', s.source), ('variant', s.variant)) t(trait, key) group by 1, 2, 3, 4) x where (attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed, tasks_redialled, tasks_recovered) is distinct from (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    on conflict (trait, key, campaign_id, day) do update set attempts = r.attempts + excluded.attempts, connected = r.connected + excluded.connected, effective = r.effective + excluded.effective, talk18 = r.talk18 + excluded.talk18, converted = r.converted + excluded.converted, first_dials = r.first_dials + excluded.first_dials, first_dials_connected = r.first_dials_connected + excluded.first_dials_connected, orders_open = r.orders_open + excluded.orders_open, orders_succeeded = r.orders_succeeded + excluded.orders_succeeded, orders_failed = r.orders_failed + excluded.orders_failed, tasks_redialled = r.tasks_redialled + excluded.tasks_redialled, tasks_recovered = r.tasks_recovered + excluded.tasks_recovered),
    people as (insert into reports.funnel_people as r (campaign_id, day, previous, attempted, connected, reached, succeeded)
    select * from (select g.campaign_id, g.day, u.previous, coalesce(sum(g.sign) filter (where u.what = 1), 0) as attempted, coalesce(sum(g.sign) filter (where u.what = 2), 0) as connected,
           coalesce(sum(g.sign) filter (where u.what = 3), 0) as reached, coalesce(sum(g.sign) filter (where u.what = 4), 0) as succeeded
    from (select *, max(attempted) over w as attempted_before, max(connected) over w as connected_before, max(reached) over w as reached_before, max(succeeded) over w as succeeded_before
          from (select d.sign, c.campaign_id, d.customer_id, d.day, max(d.attempted) as attempted, max(d.connected) as connected, max(d.reached) as reached, max(d.succeeded) as succeeded
                from (select s.sign, s.campaign_id, s.customer_id, case when platform.day_of(s.hour) < t.since then '-infinity' else platform.day_of(s.hour) end as day, max(platform.day_of(s.hour)) as attempted, max(platform.day_of(s.hour)) filter (where s.connected) as connected,
                             max(platform.day_of(s.hour)) filter (where s.effective) as reached, max(platform.day_of(s.hour)) filter (where s.effective and s.order_state = 'succeeded') as succeeded
                      from signed s join since t using (customer_id) group by 1, 2, 3, 4) d
                cross join lateral (values (0::bigint), (d.campaign_id)) c(campaign_id) group by 1, 2, 3, 4) d
          window w as (partition by sign, campaign_id, customer_id order by day rows between unbounded preceding and 1 preceding)) g
    cross join lateral (values (1, g.attempted, coalesce(g.attempted_before, '-infinity')), (2, g.connected, coalesce(g.connected_before, '-infinity')),
                               (3, g.reached, coalesce(g.reached_before, '-infinity')), (4, g.succeeded, coalesce(g.succeeded_before, '-infinity'))) u(what, last, previous)
    where u.last is not null and g.day > '-infinity' group by 1, 2, 3) x where (attempted, connected, reached, succeeded) is distinct from (0, 0, 0, 0)
    on conflict (campaign_id, day, previous) do update set attempted = r.attempted + excluded.attempted, connected = r.connected + excluded.connected, reached = r.reached + excluded.reached, succeeded = r.succeeded + excluded.succeeded),
    kept as (
      insert into reports.customer_calls as r (customer_id, star, region, calls)
      select customer_id, star, region, array_agg((campaign_id, hour, manager_id, source, variant, connected, effective, talk18, converted, first, order_state, redialled, recovered)::reports.kept_call
             order by campaign_id, hour, manager_id, source, variant, connected, effective, talk18, converted, first, order_state, redialled, recovered)
      from signed where sign = 1 group by customer_id, star, region
      on conflict (customer_id) do update set star = excluded.star, region = excluded.region, calls = excluded.calls)
    delete from reports.customer_calls k where k.customer_id = any(who) and not exists (select from signed s where s.sign = 1 and s.customer_id = k.customer_id);
  end loop;
  return settled;
end $$;

-- Brings all changes into the tables. One at a time. Returns how many there were.
create function reports.settle_rollups() returns bigint language plpgsql as $$
begin
  return reports.settle_counts() + reports.settle_people();
end $$;

-- Counts all calls anew and sets right what differs, while people work; returns how many cells were wrong. First the counts that add up, then whose calls
-- are not as they were counted (those count as changed from now on), then the kept counts against what was counted of each customer.
create function reports.correct_rollups() returns bigint language plpgsql as $$
declare
  found bigint;
begin
  perform pg_advisory_xact_lock(hashtext('reports.settle_rollups'));
  found := reports.correct_counts();
  with wrong as (
    insert into reports.customer_change
    select u.customer_id
    from (select customer_id from calls.attempt union select customer_id from reports.customer_calls) u
    left join reports.customer_calls k on k.customer_id = u.customer_id
    left join (select customer_id, star, region, array_agg((campaign_id, hour, manager_id, source, variant, connected, effective, talk18, converted, first, order_state, redialled, recovered)::reports.kept_call order by campaign_id, hour, manager_id, source, variant, connected, effective, talk18, converted, first, order_state, redialled, recovered) as calls
               from reports.counted_call group by 1, 2, 3) c on c.customer_id = u.customer_id
    where (k.calls, k.star, k.region) is distinct from (c.calls, c.star, c.region)
      and not exists (select from reports.customer_change d where d.customer_id = u.customer_id)
    returning 1)
  select found + count(*) into found from wrong;
  with wrong as (insert into reports.funnel_day as r (day, campaign_id, manager_id, tasks_redialled, tasks_recovered)
    select * from (select day, campaign_id, manager_id, sum(tasks_redialled) as tasks_redialled, sum(tasks_recovered) as tasks_recovered from (select platform.day_of(s.hour) as day, s.campaign_id, s.manager_id,
           coalesce(sum(sign) filter (where s.redialled), 0) as tasks_redialled,
           coalesce(sum(sign) filter (where s.recovered), 0) as tasks_recovered
    from (select 1 as sign, k.customer_id, k.star, k.region, c.* from reports.customer_calls k cross join lateral unnest(k.calls) c) s where s.redialled group by 1,2,3 union all select day, campaign_id, manager_id, -tasks_redialled, -tasks_recovered from reports.funnel_day) y group by day, campaign_id, manager_id) x where (tasks_redialled, tasks_recovered) is distinct from (0, 0)
    on conflict (day, campaign_id, manager_id) do update set tasks_redialled = r.tasks_redialled + excluded.tasks_redialled, tasks_recovered = r.tasks_recovered + excluded.tasks_recovered returning 1)
  select found + count(*) into found from wrong;
  with wrong as (insert into reports.funnel_hour as r (campaign_id, hour, tasks_redialled, tasks_recovered)
    select * from (select campaign_id, hour, sum(tasks_redialled) as tasks_redialled, sum(tasks_recovered) as tasks_recovered from (select s.campaign_id, s.hour,
           coalesce(sum(sign) filter (where s.redialled), 0) as tasks_redialled,
           coalesce(sum(sign) filter (where s.recovered), 0) as tasks_recovered
    from (select 1 as sign, k.customer_id, k.star, k.region, c.* from reports.customer_calls k cross join lateral unnest(k.calls) c) s where s.redialled group by 1,2 union all select campaign_id, hour, -tasks_redialled, -tasks_recovered from reports.funnel_hour) y group by campaign_id, hour) x where (tasks_redialled, tasks_recovered) is distinct from (0, 0)
    on conflict (campaign_id, hour) do update set tasks_redialled = r.tasks_redialled + excluded.tasks_redialled, tasks_recovered = r.tasks_recovered + excluded.tasks_recovered returning 1)
  select found + count(*) into found from wrong;
  with wrong as (insert into reports.funnel_trait as r (trait, key, campaign_id, day, attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed, tasks_redialled, tasks_recovered)
    select * from (select trait, key, campaign_id, day, sum(attempts) as attempts, sum(connected) as connected, sum(effective) as effective, sum(talk18) as talk18, sum(converted) as converted, sum(first_dials) as first_dials, sum(first_dials_connected) as first_dials_connected, sum(orders_open) as orders_open, sum(orders_succeeded) as orders_succeeded, sum(orders_failed) as orders_failed, sum(tasks_redialled) as tasks_redialled, sum(tasks_recovered) as tasks_recovered from (select t.trait, t.key, c.campaign_id, platform.day_of(s.hour) as day,
           coalesce(sum(sign) filter (where true), 0) as attempts,
           coalesce(sum(sign) filter (where s.connected), 0) as connected,
           coalesce(sum(sign) filter (where s.effective), 0) as effective,
           coalesce(sum(sign) filter (where s.talk18), 0) as talk18,
           coalesce(sum(sign) filter (where s.converted), 0) as converted,
           coalesce(sum(sign) filter (where s.first), 0) as first_dials,
           coalesce(sum(sign) filter (where s.first and s.connected), 0) as first_dials_connected,
           coalesce(sum(sign) filter (where s.order_state = 'open'), 0) as orders_open,
           coalesce(sum(sign) filter (where s.order_state = 'succeeded'), 0) as orders_succeeded,
           coalesce(sum(sign) filter (where s.order_state in ('failed', 'expired')), 0) as orders_failed,
           coalesce(sum(sign) filter (where s.redialled), 0) as tasks_redialled,
           coalesce(sum(sign) filter (where s.recovered), 0) as tasks_recovered
    from (select 1 as sign, k.customer_id, k.star, k.region, c.* from reports.customer_calls k cross join lateral unnest(k.calls) c) s cross join lateral (values (0::bigint), (s.campaign_id)) c(campaign_id) cross join lateral (values ('star', s.star::text), ('region', s.region), ('source', s.source), ('variant', s.variant)) t(trait, key) group by 1, 2, 3, 4 union all select trait, key, campaign_id, day, -attempts, -connected, -effective, -talk18, -converted, -first_dials, -first_dials_connected, -orders_open, -orders_succeeded, -orders_failed, -tasks_redialled, -tasks_recovered from reports.funnel_trait) y group by trait, key, campaign_id, day) x where (attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed, tasks_redialled, tasks_recovered) is distinct from (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    on conflict (trait, key, campaign_id, day) do update set attempts = r.attempts + excluded.attempts, connected = r.connected + excluded.connected, effective = r.effective + excluded.effective, talk18 = r.talk18 + excluded.talk18, converted = r.converted + excluded.converted, first_dials = r.first_dials + excluded.first_dials, first_dials_connected = r.first_dials_connected + excluded.first_dials_connected, orders_open = r.orders_open + excluded.orders_open, orders_succeeded = r.orders_succeeded + excluded.orders_succeeded, orders_failed = r.orders_failed + excluded.orders_failed, tasks_redialled = r.tasks_redialled + excluded.tasks_redialled, tasks_recovered = r.tasks_recovered + excluded.tasks_recovered returning 1)
  select found + count(*) into found from wrong;
  with wrong as (insert into reports.funnel_people as r (campaign_id, day, previous, attempted, connected, reached, succeeded)
    select * from (select campaign_id, day, previous, sum(attempted) as attempted, sum(connected) as connected, sum(reached) as reached, sum(succeeded) as succeeded from (select g.campaign_id, g.day, u.previous, coalesce(sum(g.sign) filter (where u.what = 1), 0) as attempted, coalesce(sum(g.sign) filter (where u.what = 2), 0) as connected,
           coalesce(sum(g.sign) filter (where u.what = 3), 0) as reached, coalesce(sum(g.sign) filter (where u.what = 4), 0) as succeeded
    from (select *, max(attempted) over w as attempted_before, max(connected) over w as connected_before, max(reached) over w as reached_before, max(succeeded) over w as succeeded_before
          from (select d.sign, c.campaign_id, d.customer_id, d.day, max(d.attempted) as attempted, max(d.connected) as connected, max(d.reached) as reached, max(d.succeeded) as succeeded
                from (select s.sign, s.campaign_id, s.customer_id, platform.day_of(s.hour) as day, max(platform.day_of(s.hour)) as attempted, max(platform.day_of(s.hour)) filter (where s.connected) as connected,
                             max(platform.day_of(s.hour)) filter (where s.effective) as reached, max(platform.day_of(s.hour)) filter (where s.effective and s.order_state = 'succeeded') as succeeded
                      from (select 1 as sign, k.customer_id, k.star, k.region, c.* from reports.customer_calls k cross join lateral unnest(k.calls) c) s group by 1, 2, 3, 4) d
                cross join lateral (values (0::bigint), (d.campaign_id)) c(campaign_id) group by 1, 2, 3, 4) d
          window w as (partition by sign, campaign_id, customer_id order by day rows between unbounded preceding and 1 preceding)) g
    cross join lateral (values (1, g.attempted, coalesce(g.attempted_before, '-infinity')), (2, g.connected, coalesce(g.connected_before, '-infinity')),
                               (3, g.reached, coalesce(g.reached_before, '-infinity')), (4, g.succeeded, coalesce(g.succeeded_before, '-infinity'))) u(what, last, previous)
    where u.last is not null and g.day > '-infinity' group by 1, 2, 3 union all select campaign_id, day, previous, -attempted, -connected, -reached, -succeeded from reports.funnel_people) y group by campaign_id, day, previous) x where (attempted, connected, reached, succeeded) is distinct from (0, 0, 0, 0)
    on conflict (campaign_id, day, previous) do update set attempted = r.attempted + excluded.attempted, connected = r.connected + excluded.connected, reached = r.reached + excluded.reached, succeeded = r.succeeded + excluded.succeeded returning 1)
  select found + count(*) into found from wrong;
  return found;
end $$;

select reports.correct_rollups();
select reports.settle_rollups();
