-- Whom a breach was told to, once each: the supervisors of its campaign. The number at their entry of the navigation counts what they have not looked at.
create table reports.breach_notice (
  breach_id bigint not null references reports.breach on delete cascade,
  user_id bigint not null references staff.app_user,
  at timestamptz not null,
  read_at timestamptz,
  primary key (breach_id, user_id)
);
create index breach_notice_unread on reports.breach_notice (user_id) where read_at is null;
