-- A promise stays as it was made, but for the customer: who turned out to be another is owed it as that other.
create or replace function calls.promise_moves() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.state <> 'open' then raise exception 'a promise begins open, not %', new.state using errcode = 'check_violation'; end if;
  elsif old.state <> 'open' and (new.state, new.owner_id, new.closed_at) is distinct from (old.state, old.owner_id, old.closed_at) then
    raise exception 'promise % has ended as %', old.id, old.state using errcode = 'check_violation';
  elsif (new.attempt_id, new.owner_id, new.due_on, new.previous_id) is distinct from (old.attempt_id, old.owner_id, old.due_on, old.previous_id)
     or new.customer_id <> old.customer_id and not exists (select from customers.v_merged m where m.id = old.customer_id and m.merged_into = new.customer_id) then
    raise exception 'promise % stays as it was made: hand it over instead', old.id using errcode = 'check_violation';
  end if;
  return new;
end $$;
