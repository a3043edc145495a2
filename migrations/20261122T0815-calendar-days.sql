-- Working days, lunar dates and solar terms as data, one row a civil day. A year whose notice is not out yet is marked so, never guessed.
create schema calendar;

create table calendar.year (
  year smallint primary key,
  published boolean not null,
  source text not null
);

create table calendar.day (
  day date primary key,
  working boolean not null,
  kind text not null check (kind in ('workday', 'weekend', 'holiday', 'makeup')),
  name text,
  -- The statutory days on which only promised callbacks and answers to complaints go out (GOV-4).
  closed_festival text check (closed_festival in ('spring_festival', 'national_day')),
  festival text,
  solar_term text,
  lunar_month smallint not null,
  lunar_day smallint not null,
  lunar_leap boolean not null,
  lunar_month_days smallint not null
);

-- What the administrator sets by hand, or the yearly notice brings: wins over the computed row.
create table calendar.override (
  day date primary key,
  working boolean not null,
  name text not null,
  set_by bigint,
  set_at timestamptz not null
);

create table calendar.absence (
  id bigint generated always as identity primary key,
  user_id bigint not null references staff.app_user,
  from_day date not null,
  to_day date not null check (to_day >= from_day),
  kind text not null check (kind in ('leave', 'training', 'on-site', 'visit')),
  deputy_id bigint references staff.app_user,
  created_at timestamptz not null
);
create index absence_user on calendar.absence (user_id, to_day);

create view calendar.v_day as
select d.day,
       coalesce(o.working, d.working) as working,
       coalesce(o.name, d.name) as name,
       d.kind, d.closed_festival, d.festival, d.solar_term,
       d.lunar_month, d.lunar_day, d.lunar_leap, d.lunar_month_days,
       coalesce(y.published, false) as published
from calendar.day d
left join calendar.override o using (day)
left join calendar.year y on y.year = extract(year from d.day);

create view calendar.v_absence as
select user_id, from_day, to_day, kind, deputy_id from calendar.absence;
