-- The counts of the funnel that add up (CAM-7), kept with the calls they count: by campaign and hour for those who see everything, by day, campaign and manager
-- for all else. Two narrow tables: one by campaign, hour and manager would be as large as the calls. People do not add up and are not in here.
create table reports.funnel_hour (
  campaign_id bigint not null,
  -- the instant at which the hour begins
  hour timestamptz not null,
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
  primary key (campaign_id, hour)
) with (fillfactor = 80);
create table reports.funnel_day (
  day date not null,
  campaign_id bigint not null,
  manager_id bigint not null,
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
  primary key (campaign_id, day, manager_id)
) with (fillfactor = 80);
create index funnel_day_manager on reports.funnel_day (manager_id, day);

-- What transactions added and took away that is not in the two tables yet. Rows are only ever added, so that no call waits for another; a figure is the table
-- and its changes together. Without a manager a change is for the hours alone, without an hour for the days alone.
create table reports.funnel_change (
  campaign_id bigint not null,
  day date not null,
  hour timestamptz,
  manager_id bigint,
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
  check (hour is not null or manager_id is not null)
) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);

-- Once a statement, whoever wrote it. The conditions are those of the catalogue; a test holds them together. Campaign, manager and start of a call never change
-- while it has an order, and the flags of an outcome never: after such a deed by hand `reports.correct_rollups()` sets things right.
create function reports.attempts_inserted() returns trigger language plpgsql as $$
begin
  insert into reports.funnel_change (campaign_id, day, hour, manager_id, attempts, connected, effective, talk18, converted, first_dials, first_dials_connected)
  select * from (
    select a.campaign_id, platform.day_of(date_trunc('hour', a.started_at, 'UTC')) as day, date_trunc('hour', a.started_at, 'UTC') as hour, a.manager_id,
           coalesce(sum(a.weight) filter (where true), 0) as attempts,
           coalesce(sum(a.weight) filter (where o.connected), 0) as connected,
           coalesce(sum(a.weight) filter (where o.effective), 0) as effective,
           coalesce(sum(a.weight) filter (where o.connected and a.talk_seconds >= 18), 0) as talk18,
           coalesce(sum(a.weight) filter (where o.converted), 0) as converted,
           coalesce(sum(a.weight) filter (where a.ordinal = 1), 0) as first_dials,
           coalesce(sum(a.weight) filter (where a.ordinal = 1 and o.connected), 0) as first_dials_connected
    from (select campaign_id, started_at, manager_id, ordinal, talk_seconds, outcome, 1 as weight from new_rows) a join calls.outcome o on o.code = a.outcome
    group by a.campaign_id, date_trunc('hour', a.started_at, 'UTC'), a.manager_id) c
  where (attempts, connected, effective, talk18, converted, first_dials, first_dials_connected) is distinct from (0, 0, 0, 0, 0, 0, 0);
  return null;
end $$;

create function reports.attempts_updated() returns trigger language plpgsql as $$
begin
  insert into reports.funnel_change (campaign_id, day, hour, manager_id, attempts, connected, effective, talk18, converted, first_dials, first_dials_connected)
  select * from (
    select a.campaign_id, platform.day_of(date_trunc('hour', a.started_at, 'UTC')) as day, date_trunc('hour', a.started_at, 'UTC') as hour, a.manager_id,
           coalesce(sum(a.weight) filter (where true), 0) as attempts,
           coalesce(sum(a.weight) filter (where o.connected), 0) as connected,
           coalesce(sum(a.weight) filter (where o.effective), 0) as effective,
           coalesce(sum(a.weight) filter (where o.connected and a.talk_seconds >= 18), 0) as talk18,
           coalesce(sum(a.weight) filter (where o.converted), 0) as converted,
           coalesce(sum(a.weight) filter (where a.ordinal = 1), 0) as first_dials,
           coalesce(sum(a.weight) filter (where a.ordinal = 1 and o.connected), 0) as first_dials_connected
    from (select campaign_id, started_at, manager_id, ordinal, talk_seconds, outcome, 1 as weight from new_rows union all select campaign_id, started_at, manager_id, ordinal, talk_seconds, outcome, -1 as weight from old_rows) a join calls.outcome o on o.code = a.outcome
    group by a.campaign_id, date_trunc('hour', a.started_at, 'UTC'), a.manager_id) c
  where (attempts, connected, effective, talk18, converted, first_dials, first_dials_connected) is distinct from (0, 0, 0, 0, 0, 0, 0);
  return null;
end $$;

create function reports.attempts_deleted() returns trigger language plpgsql as $$
begin
  insert into reports.funnel_change (campaign_id, day, hour, manager_id, attempts, connected, effective, talk18, converted, first_dials, first_dials_connected)
  select * from (
    select a.campaign_id, platform.day_of(date_trunc('hour', a.started_at, 'UTC')) as day, date_trunc('hour', a.started_at, 'UTC') as hour, a.manager_id,
           coalesce(sum(a.weight) filter (where true), 0) as attempts,
           coalesce(sum(a.weight) filter (where o.connected), 0) as connected,
           coalesce(sum(a.weight) filter (where o.effective), 0) as effective,
           coalesce(sum(a.weight) filter (where o.connected and a.talk_seconds >= 18), 0) as talk18,
           coalesce(sum(a.weight) filter (where o.converted), 0) as converted,
           coalesce(sum(a.weight) filter (where a.ordinal = 1), 0) as first_dials,
           coalesce(sum(a.weight) filter (where a.ordinal = 1 and o.connected), 0) as first_dials_connected
    from (select campaign_id, started_at, manager_id, ordinal, talk_seconds, outcome, -1 as weight from old_rows) a join calls.outcome o on o.code = a.outcome
    group by a.campaign_id, date_trunc('hour', a.started_at, 'UTC'), a.manager_id) c
  where (attempts, connected, effective, talk18, converted, first_dials, first_dials_connected) is distinct from (0, 0, 0, 0, 0, 0, 0);
  return null;
end $$;

create function reports.orders_inserted() returns trigger language plpgsql as $$
begin
  insert into reports.funnel_change (campaign_id, day, hour, manager_id, orders_open, orders_succeeded, orders_failed)
  select * from (
    select a.campaign_id, platform.day_of(date_trunc('hour', a.started_at, 'UTC')) as day, date_trunc('hour', a.started_at, 'UTC') as hour, a.manager_id,
           coalesce(sum(s.weight) filter (where s.state = 'open'), 0) as orders_open,
           coalesce(sum(s.weight) filter (where s.state = 'succeeded'), 0) as orders_succeeded,
           coalesce(sum(s.weight) filter (where s.state in ('failed', 'expired')), 0) as orders_failed
    from (select attempt_id, state, 1 as weight from new_rows) s join calls.attempt a on a.id = s.attempt_id
    group by a.campaign_id, date_trunc('hour', a.started_at, 'UTC'), a.manager_id) c
  where (orders_open, orders_succeeded, orders_failed) is distinct from (0, 0, 0);
  return null;
end $$;

create function reports.orders_updated() returns trigger language plpgsql as $$
begin
  insert into reports.funnel_change (campaign_id, day, hour, manager_id, orders_open, orders_succeeded, orders_failed)
  select * from (
    select a.campaign_id, platform.day_of(date_trunc('hour', a.started_at, 'UTC')) as day, date_trunc('hour', a.started_at, 'UTC') as hour, a.manager_id,
           coalesce(sum(s.weight) filter (where s.state = 'open'), 0) as orders_open,
           coalesce(sum(s.weight) filter (where s.state = 'succeeded'), 0) as orders_succeeded,
           coalesce(sum(s.weight) filter (where s.state in ('failed', 'expired')), 0) as orders_failed
    from (select attempt_id, state, 1 as weight from new_rows union all select attempt_id, state, -1 as weight from old_rows) s join calls.attempt a on a.id = s.attempt_id
    group by a.campaign_id, date_trunc('hour', a.started_at, 'UTC'), a.manager_id) c
  where (orders_open, orders_succeeded, orders_failed) is distinct from (0, 0, 0);
  return null;
end $$;

create function reports.orders_deleted() returns trigger language plpgsql as $$
begin
  insert into reports.funnel_change (campaign_id, day, hour, manager_id, orders_open, orders_succeeded, orders_failed)
  select * from (
    select a.campaign_id, platform.day_of(date_trunc('hour', a.started_at, 'UTC')) as day, date_trunc('hour', a.started_at, 'UTC') as hour, a.manager_id,
           coalesce(sum(s.weight) filter (where s.state = 'open'), 0) as orders_open,
           coalesce(sum(s.weight) filter (where s.state = 'succeeded'), 0) as orders_succeeded,
           coalesce(sum(s.weight) filter (where s.state in ('failed', 'expired')), 0) as orders_failed
    from (select attempt_id, state, -1 as weight from old_rows) s join calls.attempt a on a.id = s.attempt_id
    group by a.campaign_id, date_trunc('hour', a.started_at, 'UTC'), a.manager_id) c
  where (orders_open, orders_succeeded, orders_failed) is distinct from (0, 0, 0);
  return null;
end $$;

create trigger funnel_inserted after insert on calls.attempt referencing new table as new_rows for each statement execute function reports.attempts_inserted();
create trigger funnel_updated after update on calls.attempt referencing old table as old_rows new table as new_rows for each statement execute function reports.attempts_updated();
create trigger funnel_deleted after delete on calls.attempt referencing old table as old_rows for each statement execute function reports.attempts_deleted();
create trigger funnel_inserted after insert on calls.sales_order referencing new table as new_rows for each statement execute function reports.orders_inserted();
create trigger funnel_updated after update on calls.sales_order referencing old table as old_rows new table as new_rows for each statement execute function reports.orders_updated();
create trigger funnel_deleted after delete on calls.sales_order referencing old table as old_rows for each statement execute function reports.orders_deleted();

-- Brings the changes into the tables. One at a time; who comes second finds nothing left. Returns how many changes there were.
create function reports.settle_rollups() returns bigint language plpgsql as $$
declare settled bigint;
begin
  perform pg_advisory_xact_lock(hashtext('reports.settle_rollups'));
  with taken as (delete from reports.funnel_change returning *),
  hours as (
    insert into reports.funnel_hour as r (campaign_id, hour, attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed)
    select campaign_id, hour, sum(attempts) as attempts, sum(connected) as connected, sum(effective) as effective, sum(talk18) as talk18, sum(converted) as converted, sum(first_dials) as first_dials, sum(first_dials_connected) as first_dials_connected, sum(orders_open) as orders_open, sum(orders_succeeded) as orders_succeeded, sum(orders_failed) as orders_failed from taken where hour is not null group by campaign_id, hour
    on conflict (campaign_id, hour) do update set
    attempts = r.attempts + excluded.attempts,
    connected = r.connected + excluded.connected,
    effective = r.effective + excluded.effective,
    talk18 = r.talk18 + excluded.talk18,
    converted = r.converted + excluded.converted,
    first_dials = r.first_dials + excluded.first_dials,
    first_dials_connected = r.first_dials_connected + excluded.first_dials_connected,
    orders_open = r.orders_open + excluded.orders_open,
    orders_succeeded = r.orders_succeeded + excluded.orders_succeeded,
    orders_failed = r.orders_failed + excluded.orders_failed),
  days as (
    insert into reports.funnel_day as r (day, campaign_id, manager_id, attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed)
    select day, campaign_id, manager_id, sum(attempts) as attempts, sum(connected) as connected, sum(effective) as effective, sum(talk18) as talk18, sum(converted) as converted, sum(first_dials) as first_dials, sum(first_dials_connected) as first_dials_connected, sum(orders_open) as orders_open, sum(orders_succeeded) as orders_succeeded, sum(orders_failed) as orders_failed from taken where manager_id is not null group by day, campaign_id, manager_id
    on conflict (campaign_id, day, manager_id) do update set
    attempts = r.attempts + excluded.attempts,
    connected = r.connected + excluded.connected,
    effective = r.effective + excluded.effective,
    talk18 = r.talk18 + excluded.talk18,
    converted = r.converted + excluded.converted,
    first_dials = r.first_dials + excluded.first_dials,
    first_dials_connected = r.first_dials_connected + excluded.first_dials_connected,
    orders_open = r.orders_open + excluded.orders_open,
    orders_succeeded = r.orders_succeeded + excluded.orders_succeeded,
    orders_failed = r.orders_failed + excluded.orders_failed)
  select count(*) into settled from taken;
  return settled;
end $$;

-- Counts all calls anew and writes the differences as changes: one statement sees calls, tables and changes as of one instant, so writers need not wait and nothing
-- is counted twice. Returns how many cells were wrong: 0 when all is well.
create function reports.correct_rollups() returns bigint language sql as $$
  with counted as materialized (
    select a.campaign_id, platform.day_of(date_trunc('hour', a.started_at, 'UTC')) as day, date_trunc('hour', a.started_at, 'UTC') as hour, a.manager_id,
           count(*) filter (where true) as attempts,
           count(*) filter (where o.connected) as connected,
           count(*) filter (where o.effective) as effective,
           count(*) filter (where o.connected and a.talk_seconds >= 18) as talk18,
           count(*) filter (where o.converted) as converted,
           count(*) filter (where a.ordinal = 1) as first_dials,
           count(*) filter (where a.ordinal = 1 and o.connected) as first_dials_connected,
           count(*) filter (where s.state = 'open') as orders_open,
           count(*) filter (where s.state = 'succeeded') as orders_succeeded,
           count(*) filter (where s.state in ('failed', 'expired')) as orders_failed
    from calls.attempt a join calls.outcome o on o.code = a.outcome left join calls.sales_order s on s.attempt_id = a.id
    group by a.campaign_id, date_trunc('hour', a.started_at, 'UTC'), a.manager_id),
  hours as (
    select campaign_id, platform.day_of(hour) as day, hour, null::bigint as manager_id, sum(attempts) as attempts, sum(connected) as connected, sum(effective) as effective, sum(talk18) as talk18, sum(converted) as converted, sum(first_dials) as first_dials, sum(first_dials_connected) as first_dials_connected, sum(orders_open) as orders_open, sum(orders_succeeded) as orders_succeeded, sum(orders_failed) as orders_failed
    from (select campaign_id, hour, attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed from counted
          union all select campaign_id, hour, -attempts, -connected, -effective, -talk18, -converted, -first_dials, -first_dials_connected, -orders_open, -orders_succeeded, -orders_failed from reports.funnel_hour
          union all select campaign_id, hour, -attempts, -connected, -effective, -talk18, -converted, -first_dials, -first_dials_connected, -orders_open, -orders_succeeded, -orders_failed from reports.funnel_change where hour is not null) x
    group by campaign_id, hour),
  days as (
    select campaign_id, day, null::timestamptz as hour, manager_id, sum(attempts) as attempts, sum(connected) as connected, sum(effective) as effective, sum(talk18) as talk18, sum(converted) as converted, sum(first_dials) as first_dials, sum(first_dials_connected) as first_dials_connected, sum(orders_open) as orders_open, sum(orders_succeeded) as orders_succeeded, sum(orders_failed) as orders_failed
    from (select campaign_id, day, manager_id, attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed from counted
          union all select campaign_id, day, manager_id, -attempts, -connected, -effective, -talk18, -converted, -first_dials, -first_dials_connected, -orders_open, -orders_succeeded, -orders_failed from reports.funnel_day
          union all select campaign_id, day, manager_id, -attempts, -connected, -effective, -talk18, -converted, -first_dials, -first_dials_connected, -orders_open, -orders_succeeded, -orders_failed from reports.funnel_change where manager_id is not null) x
    group by campaign_id, day, manager_id),
  wrong as (
    insert into reports.funnel_change (campaign_id, day, hour, manager_id, attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed)
    select * from (select * from hours union all select * from days) x where (attempts, connected, effective, talk18, converted, first_dials, first_dials_connected, orders_open, orders_succeeded, orders_failed) is distinct from (0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    returning 1)
  select count(*) from wrong
$$;

select reports.correct_rollups();
select reports.settle_rollups();
