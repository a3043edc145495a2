-- The client's word for a greeting: that day, that text (GOV-6, CAR-5). Another wording of the template is another text.
create table care.greeting_approval (
  id bigint generated always as identity primary key,
  day date not null,
  template_code text not null,
  template_version integer not null,
  state text not null default 'asked' check (state in ('asked', 'approved', 'refused')),
  asked_by bigint not null references staff.app_user,
  asked_at timestamptz not null,
  decided_by bigint references staff.app_user,
  decided_at timestamptz,
  -- where the client's written approval is filed, when a planner records it; why, when it is refused
  reference text,
  reason text,
  check ((state = 'asked') = (decided_by is null)),
  unique (day, template_code, template_version)
);
-- one greeting a day
create unique index greeting_approval_day on care.greeting_approval (day) where state = 'approved';
