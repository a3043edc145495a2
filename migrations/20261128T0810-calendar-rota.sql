-- Who works when, and how much of a day: the one answer is calendar.v_rota.

-- What being away costs, in percent of a day's calls; an absence may say another loss.
create table calendar.absence_kind (
  code text primary key,
  sort smallint not null,
  loss_percent smallint not null check (loss_percent between 0 and 100)
);
insert into calendar.absence_kind (code, sort, loss_percent) values ('leave', 1, 100), ('training', 2, 100), ('on-site', 3, 100), ('visit', 4, 50);

alter table calendar.absence drop constraint absence_kind_check;
alter table calendar.absence add constraint absence_kind_known foreign key (kind) references calendar.absence_kind;
-- Half a day, on each day of the absence.
alter table calendar.absence add column part text not null default 'day' check (part in ('day', 'morning', 'afternoon'));
alter table calendar.absence add column loss_percent smallint not null default 100 check (loss_percent between 0 and 100);
alter table calendar.absence add column noted_by bigint references staff.app_user;
-- Called off before its first day; one that has begun is cut short instead.
alter table calendar.absence add column cancelled_at timestamptz;

create or replace view calendar.v_absence as
select user_id, from_day, to_day, kind, deputy_id, id, part, loss_percent, noted_by
from calendar.absence where cancelled_at is null;

-- The week of a person from a day on: percent of a day's calls, Monday first. Null: official working days again.
create table calendar.rota_pattern (
  user_id bigint not null references staff.app_user,
  from_day date not null,
  shares smallint[] check (array_length(shares, 1) = 7 and 0 <= all (shares) and 100 >= all (shares)),
  set_by bigint not null references staff.app_user,
  set_at timestamptz not null,
  primary key (user_id, from_day)
);

-- A single day of a person: wins over week and calendar.
create table calendar.rota_day (
  user_id bigint not null references staff.app_user,
  day date not null,
  share smallint not null check (share between 0 and 100),
  note text not null,
  set_by bigint not null references staff.app_user,
  set_at timestamptz not null,
  primary key (user_id, day)
);
create index rota_day_day on calendar.rota_day (day);

-- The rota from one day to another, both included, one row a person and day; `rota.policy.ts` says the same of one person and day.
-- rostered: percent by calendar, week and single day; share: what absences leave of it, rounded down; calls: that share of the daily capacity.
-- absence_id: the absence that takes most. Joined like a view: the planner folds it in.
create function calendar.v_rota(first_day date, last_day date)
returns table (user_id bigint, day date, rostered integer, share integer, calls integer, absence_id bigint, absence_kind text, deputy_id bigint)
language sql stable as $$
  select u.id, d.day, r.rostered, s.share, u.daily_capacity * s.share / 100, a.absence_id, a.absence_kind, a.deputy_id
  from staff.v_user u
  join calendar.v_day d on d.day between first_day and last_day
  left join calendar.rota_day one on one.user_id = u.id and one.day = d.day
  left join (
    select p.user_id, p.from_day, lead(p.from_day) over (partition by p.user_id order by p.from_day) as until_day, p.shares
    from calendar.rota_pattern p) w on w.user_id = u.id and d.day >= w.from_day and (w.until_day is null or d.day < w.until_day)
  left join (
    select x.user_id, g.day::date as day, sum(x.loss_percent * case x.part when 'day' then 2 else 1 end)::integer as lost_halves,
           (array_agg(x.id order by x.loss_percent * case x.part when 'day' then 2 else 1 end desc, x.id))[1] as absence_id,
           (array_agg(x.kind order by x.loss_percent * case x.part when 'day' then 2 else 1 end desc, x.id))[1] as absence_kind,
           (array_agg(x.deputy_id order by x.loss_percent * case x.part when 'day' then 2 else 1 end desc, x.id))[1] as deputy_id
    from calendar.v_absence x
    cross join lateral generate_series(greatest(x.from_day, first_day), least(x.to_day, last_day), interval '1 day') g(day)
    where x.from_day <= last_day and x.to_day >= first_day
    group by 1, 2) a on a.user_id = u.id and a.day = d.day
  cross join lateral (select case
    when one.share is not null then one.share::integer
    when w.shares is null then case when d.working then 100 else 0 end
    -- the official calendar against the usual week: a make-up day is worked by all, a holiday by nobody
    when d.working and extract(isodow from d.day) >= 6 then 100
    when not d.working and (extract(isodow from d.day) <= 5 or d.kind = 'holiday') then 0
    else w.shares[extract(isodow from d.day)::integer]::integer end as rostered) r
  cross join lateral (select r.rostered * (200 - least(coalesce(a.lost_halves, 0), 200)) / 200 as share) s
$$;
