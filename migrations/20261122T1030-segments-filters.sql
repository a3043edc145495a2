-- A segment may be a filter: counted live, frozen by the campaign that is launched on it (CAM-2).
alter table segments.segment
  -- Counts every saved change of the filter.
  add column version integer not null default 1,
  -- The last count that was asked for, and how long it took: a list of segments counts nothing anew.
  add column counted_at timestamptz,
  add column count_ms integer,
  add check ((kind = 'filtered') = (filter is not null));

create or replace view segments.v_segment as
select id, code, name, kind, columns, members, org_unit_id, filter from segments.segment;
