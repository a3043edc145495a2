-- What every module stands on: days in Shanghai, time-ordered ids, monthly partitions, the outbox.
create schema platform;

create function platform.day_of(at timestamptz) returns date language sql immutable parallel safe strict
return (at at time zone 'Asia/Shanghai')::date;

create function platform.hour_of(at timestamptz) returns smallint language sql immutable parallel safe strict
return extract(hour from at at time zone 'Asia/Shanghai')::smallint;

create function platform.day_start(day date) returns timestamptz language sql immutable parallel safe strict
return day::timestamp at time zone 'Asia/Shanghai';

-- uuid v7 (RFC 9562): 48 bits of milliseconds, then random bits; the version nibble turns from 4 to 7.
create function platform.uuid_v7(at timestamptz) returns uuid language sql volatile parallel safe strict
return encode(
  set_bit(set_bit(
    overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from at) * 1000)::bigint) from 3) from 1 for 6),
    52, 1), 53, 1), 'hex')::uuid;

-- The smallest uuid v7 of an instant: the bound for "since then" on an id.
create function platform.uuid_floor(at timestamptz) returns uuid language sql immutable parallel safe strict
return (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid;

create function platform.uuid_time(id uuid) returns timestamptz language sql immutable parallel safe strict
return to_timestamp(('x' || translate(left(id::text, 13), '-', ''))::bit(48)::bigint / 1000.0);

-- Makes the monthly partitions (Shanghai months) of a table that is range-partitioned by uuid v7. Existing ones stay.
create function platform.ensure_partitions(parent regclass, first_day date, last_day date) returns integer language plpgsql as $$
declare
  month date := date_trunc('month', first_day)::date;
  following date;
  name text;
  made integer := 0;
begin
  while month <= last_day loop
    following := (month + interval '1 month')::date;
    name := format('%s_%s', parent::text, to_char(month, 'YYYYMM'));
    if to_regclass(name) is null then
      perform pg_advisory_xact_lock(hashtext('platform.ensure_partitions'), hashtext(parent::text));
      if to_regclass(name) is null then
        execute format('create table %s partition of %s for values from (%L) to (%L)', name, parent,
          platform.uuid_floor(platform.day_start(month)), platform.uuid_floor(platform.day_start(following)));
        made := made + 1;
      end if;
    end if;
    month := following;
  end loop;
  return made;
end $$;

-- Work that must follow a commit. The row goes when its handler has committed; a queue only wakes the handler.
create table platform.outbox (
  id bigint generated always as identity primary key,
  job text not null,
  payload jsonb not null,
  run_at timestamptz not null,
  attempts integer not null default 0,
  leased_until timestamptz,
  last_error text,
  dead_at timestamptz,
  created_at timestamptz not null
);
create index outbox_due on platform.outbox (job, run_at, id) where dead_at is null; -- each job is claimed within its own limit

-- One row a schedule and slot: with several workers each slot fires once.
create table platform.schedule_run (
  name text not null,
  slot timestamptz not null,
  primary key (name, slot)
);

-- The answer of a POST with an Idempotency-Key, given again when the same request comes again.
create table platform.idempotency (
  actor text not null,
  key text not null,
  route text not null,
  request_hash text not null,
  status integer,
  body jsonb,
  created_at timestamptz not null,
  primary key (actor, key)
);

-- Facts of this installation: the demo's clock, what was loaded when.
create table platform.fact (
  key text primary key,
  value jsonb not null
);
