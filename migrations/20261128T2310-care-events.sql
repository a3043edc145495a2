-- Visits at home or at the counter, customer events, salons and club days (CAR-10): who is asked, what they say, who came, what came of it.
create table care.event (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('home-visit', 'counter-visit', 'customer-event', 'salon', 'club-day')),
  title text not null,
  place text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  -- How many may come; null: as many as like.
  capacity integer check (capacity > 0),
  host_id bigint not null references staff.app_user,
  invite_by text not null check (invite_by in ('call', 'sms')),
  -- What a visit takes of its host's day.
  absence_id bigint references calendar.absence,
  cancelled_at timestamptz,
  cancel_reason text,
  version integer not null default 1,
  org_unit_id bigint not null references staff.org_unit,
  created_by bigint not null references staff.app_user,
  created_at timestamptz not null
);
create index event_start on care.event (starts_at desc, id desc);

create table care.invitation (
  event_id bigint not null references care.event,
  customer_id bigint not null references customers.customer,
  line_id bigint not null references customers.line,
  -- Why the gate does not let them be asked; null: on the list.
  excluded text,
  added_by bigint not null references staff.app_user,
  added_at timestamptz not null,
  invited_at timestamptz,
  invited_by bigint references staff.app_user,
  task_id bigint references calls.task,
  answer text check (answer in ('yes', 'no', 'maybe')),
  answer_by bigint references staff.app_user,
  answer_at timestamptz,
  attended boolean,
  attended_by bigint references staff.app_user,
  attended_at timestamptz,
  result text check (result in ('none', 'intention', 'order')),
  result_by bigint references staff.app_user,
  result_at timestamptz,
  note text,
  primary key (event_id, customer_id)
);
create index invitation_customer on care.invitation (customer_id);
create index invitation_task on care.invitation (task_id) where task_id is not null;
