-- How customers of each star answered in each hour of day over the past months: what the best slot of a customer falls back on. Counted each night.
create table calls.slot_rate (
  star smallint not null,
  hour smallint not null check (hour between 0 and 23),
  dials integer not null,
  answered integer not null,
  primary key (star, hour)
);
