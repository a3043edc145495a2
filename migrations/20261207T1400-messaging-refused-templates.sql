-- A wording that was handed back to its author, and why; and on whose columns its author looked at it, for those who approve it.
alter table messaging.template_version
  add column refused_by bigint references staff.app_user,
  add column refused_at timestamptz,
  add column refused_reason text,
  add check (num_nonnulls(refused_by, refused_at, refused_reason) in (0, 3));

alter table messaging.template add column preview_segment_id bigint references segments.segment on delete set null;
