-- Refused rows lie some hundreds together, which PostgreSQL packs: a file of a million faults takes less room than itself.
create table feeds.reject_pack (
  import_id bigint not null references feeds.import on delete cascade,
  first_row integer not null,
  last_row integer not null,
  -- every reason that stands in it
  reasons text[] not null,
  -- [[row_number, [cell, …], [{"column": "星级", "value": "9", "reason": "star_range"}]], …]
  rows jsonb not null,
  primary key (import_id, first_row)
);
-- Rows a reason refused; a row with two faults counts under both. An import of a known file has the rejects of the first.
alter table feeds.import add column reject_reasons jsonb not null default '{}';

insert into feeds.reject_pack (import_id, first_row, last_row, reasons, rows)
select import_id, min(row_number), max(row_number),
       array(select distinct reason from jsonb_array_elements_text(jsonb_path_query_array(jsonb_agg(faults), '$[*][*].reason')) reason),
       jsonb_agg(jsonb_build_array(row_number, cells, faults) order by row_number)
from (
  select r.*, (row_number() over (partition by r.import_id order by r.row_number) - 1) / 200 as pack
  from feeds.reject r join feeds.import i on i.id = r.import_id and i.reason is null) r
group by import_id, pack;

update feeds.import i set reject_reasons = c.reasons
from (
  select import_id, jsonb_object_agg(reason, rows) as reasons
  from (
    select r.import_id, fault ->> 'reason' as reason, count(distinct r.row_number) as rows
    from feeds.reject r cross join jsonb_array_elements(r.faults) fault group by 1, 2) counted
  group by import_id) c
where i.id = c.import_id;

drop table feeds.reject;
