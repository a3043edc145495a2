-- Bulletins of a team's day by webhook (REP-5). The address of a group robot holds its key: it is sealed like the secret, only the host is kept in clear.
create table reports.bulletin (
  id uuid primary key,
  org_unit_id bigint not null references staff.org_unit,
  kind text not null check (kind in ('wecom', 'json')),
  host text not null,
  -- address and secret; null: removed
  sealed bytea,
  seal_key_id text,
  -- 'HH:MM' in Asia/Shanghai, in order
  times text[] not null check (cardinality(times) between 1 and 6),
  active boolean not null,
  -- since when it is on with these times: what lay before is not made up for
  active_since timestamptz not null,
  created_by bigint not null references staff.app_user,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  removed_at timestamptz,
  check ((sealed is null) = (removed_at is not null)),
  check ((sealed is null) = (seal_key_id is null))
);
create index bulletin_unit on reports.bulletin (org_unit_id) where removed_at is null;

-- One row a bulletin and time; tests have none and may repeat.
create table reports.bulletin_delivery (
  id uuid primary key,
  bulletin_id uuid not null references reports.bulletin,
  slot timestamptz,
  asked_by bigint references staff.app_user,
  -- waiting → sending → sent | failed | doubtful; skipped from the beginning
  state text not null check (state in ('waiting', 'sending', 'sent', 'failed', 'doubtful', 'skipped')),
  late boolean not null default false,
  tries smallint not null default 0,
  status integer,
  reason text,
  body text,
  created_at timestamptz not null,
  ended_at timestamptz,
  unique (bulletin_id, slot),
  check ((slot is null) = (asked_by is not null))
);
create index bulletin_delivery_log on reports.bulletin_delivery (bulletin_id, created_at desc);
