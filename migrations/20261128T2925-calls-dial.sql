-- A press of the dial button, handed to the telephone system: only for a task that is held, so behind a yes of the gate (R39). Two presses within
-- seconds are one (R34).
create table calls.dial (
  -- the call's name in the events of the telephone system
  id uuid primary key,
  task_id bigint not null references calls.task on delete cascade,
  manager_id bigint not null references staff.app_user,
  touch_id uuid not null,
  touch_allowed boolean not null default true check (touch_allowed),
  adapter text not null,
  at timestamptz not null,
  foreign key (touch_id, touch_allowed) references contact.touch (id, allowed)
);
create index dial_task on calls.dial (task_id, at desc);
