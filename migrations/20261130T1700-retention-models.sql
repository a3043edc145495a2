-- Churn models that planners train from a labelled segment (RET-2): each training is a version, and one version of a code is in use.
create table retention.churn_model (
  id bigint generated always as identity primary key,
  code text not null,
  version int not null check (version > 0),
  org_unit_id bigint not null references staff.org_unit,
  segment_id bigint not null references segments.segment,
  label text not null,
  positive text not null,
  excluded text[] not null default '{}',
  -- Weights by column, in words that need no places: levels, steps, slope.
  parameters jsonb not null,
  -- AUC, lift, calibration and what stands outside, from rows the judged fold never saw.
  card jsonb not null,
  in_use boolean not null,
  made_by bigint not null references staff.app_user,
  made_at timestamptz not null,
  unique (code, version)
);
create unique index churn_model_in_use on retention.churn_model (code) where in_use;
