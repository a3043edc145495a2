-- What was promised on a call, besides a call back at a minute: a dated thing with an owner (CAM-5, REP-2).
create table calls.promise (
  id bigint generated always as identity primary key,
  customer_id bigint not null references customers.customer,
  attempt_id uuid not null references calls.attempt,
  kind text not null check (kind in ('top_up', 'refund', 'material', 'other')),
  -- in words; empty where the kind says it all, or once the customer is forgotten
  text text not null default '',
  owner_id bigint not null references staff.app_user,
  -- to be kept by the end of this day
  due_on date not null,
  state text not null default 'open' check (state in ('open', 'kept', 'broken', 'handed_over')),
  made_by bigint not null references staff.app_user,
  made_at timestamptz not null,
  -- the promise this one took over from: one successor at most
  previous_id bigint unique references calls.promise on delete cascade,
  closed_at timestamptz,
  -- null: the clock
  closed_by bigint references staff.app_user,
  -- how it was kept, or why it was handed over
  note text,
  -- a broken one that was kept after all: it stays broken, but is off the list
  done_at timestamptz,
  done_by bigint references staff.app_user,
  check ((state = 'open') = (closed_at is null)),
  check (done_at is null or state = 'broken')
);
create index promise_undone on calls.promise (owner_id, due_on) where state = 'open' or state = 'broken' and done_at is null;
create index promise_open on calls.promise (due_on) where state = 'open';
create index promise_due on calls.promise (due_on, id);
create index promise_customer on calls.promise (customer_id);
create index promise_attempt on calls.promise (attempt_id);

-- It begins open and ends kept, broken or handed over, once: src/calls/promises/promise.states.ts says the same.
create function calls.promise_moves() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.state <> 'open' then raise exception 'a promise begins open, not %', new.state using errcode = 'check_violation'; end if;
  elsif old.state <> 'open' and (new.state, new.owner_id, new.closed_at) is distinct from (old.state, old.owner_id, old.closed_at) then
    raise exception 'promise % has ended as %', old.id, old.state using errcode = 'check_violation';
  elsif (new.customer_id, new.attempt_id, new.owner_id, new.due_on, new.previous_id) is distinct from
        (old.customer_id, old.attempt_id, old.owner_id, old.due_on, old.previous_id) then
    raise exception 'promise % stays as it was made: hand it over instead', old.id using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger promise_moves before insert or update on calls.promise for each row execute function calls.promise_moves();

-- A promise handed over goes on as exactly one other, and only such a one has a successor: looked at when everything is written.
create function calls.promise_goes_on() returns trigger language plpgsql as $$
declare
  orphan bigint;
begin
  select p.id into orphan from calls.promise p
  where p.id in (new.id, new.previous_id) and (p.state = 'handed_over') <> exists (select from calls.promise n where n.previous_id = p.id);
  if orphan is not null then
    raise exception 'promise % was handed over to nobody, or goes on without having been handed over', orphan using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger promise_goes_on after insert or update on calls.promise deferrable initially deferred
  for each row execute function calls.promise_goes_on();
