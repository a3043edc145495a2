-- Promised callbacks that are over (CAM-4, REP-2): the promise still open stands on its task. Kept by the call that followed, or withdrawn: the task ended without
-- one, or the outcome that promised it was corrected.
create table calls.callback_end (
  id bigint generated always as identity primary key,
  task_id bigint not null references calls.task on delete cascade,
  -- who had to keep it at the end: a handed-over promise counts for whom it was handed to
  owner_id bigint references staff.app_user,
  due_at timestamptz not null,
  -- the beginning of the call that followed; null: withdrawn
  called_at timestamptz
);
create index callback_end_due on calls.callback_end (due_at);
create index callback_end_task on calls.callback_end (task_id);

create function calls.callback_ends() returns trigger language plpgsql as $$
begin
  insert into calls.callback_end (task_id, owner_id, due_at, called_at)
  values (old.id, old.owner_id, old.callback_at, case when new.attempts > old.attempts then new.last_attempt_at end);
  return null;
end $$;
create trigger callback_ends after update of callback_at on calls.task for each row
  when (old.callback_at is not null and (new.callback_at is distinct from old.callback_at or new.attempts > old.attempts))
  execute function calls.callback_ends();
