-- The yearly notice as it was handed in: decides the days of its year in place of what the calendar library knows. Days set by hand still win.
create table calendar.notice_day (
  day date primary key,
  working boolean not null,
  name text not null
);

alter table calendar.year add column noticed_by bigint references staff.app_user;
alter table calendar.year add column noticed_at timestamptz;

-- Days no almanac knows: cold and heat, the member day, whatever the house keeps. They hold within the unit that noted them.
create table calendar.day_mark (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('cold', 'heat', 'member-day', 'other')),
  from_day date not null,
  to_day date not null check (to_day >= from_day),
  name text not null,
  -- province, city or district as the customers have it; null: the whole unit
  region text,
  org_unit_id bigint not null references staff.org_unit,
  noted_by bigint not null references staff.app_user,
  noted_at timestamptz not null,
  constraint day_mark_once unique nulls not distinct (kind, from_day, to_day, name, region, org_unit_id)
);
create index day_mark_days on calendar.day_mark (to_day, from_day);

-- One row a day a mark covers. It concerns the customers below `org_path` and, where there is a region, in it.
create view calendar.v_day_mark as
select g.day::date as day, m.id, m.kind, m.name, m.region, m.org_unit_id, o.path as org_path
from calendar.day_mark m
join staff.v_org_unit o on o.id = m.org_unit_id
cross join lateral generate_series(m.from_day, m.to_day, interval '1 day') g(day);
