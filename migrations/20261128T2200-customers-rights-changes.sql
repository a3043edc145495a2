-- What a star's rights were changed to, by whom and when: the rows of customers.star_right say only how they stand (CAR-3).
create table customers.star_right_change (
  id bigint generated always as identity primary key,
  star_level smallint not null check (star_level between 1 and 7),
  -- one object a right: code, what (added, removed, changed), labelZh, labelEn, before, after (times a year)
  changes jsonb not null check (jsonb_array_length(changes) > 0),
  changed_by bigint not null references staff.app_user,
  changed_at timestamptz not null
);
create index star_right_change_newest on customers.star_right_change (star_level, changed_at);

create view customers.v_star_right_change as
select id, star_level, platform.day_of(changed_at) as on_day, changes, changed_at from customers.star_right_change;
