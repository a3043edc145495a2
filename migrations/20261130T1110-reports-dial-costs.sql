-- What one dial costs, for pricing those wasted on numbers at fault: the newest row is in force, all of them are the history. 0: no cost is shown.
create table reports.dial_cost (
  id bigint generated always as identity primary key,
  fen integer not null check (fen between 0 and 10000),
  set_by bigint not null references staff.app_user,
  set_at timestamptz not null
);
