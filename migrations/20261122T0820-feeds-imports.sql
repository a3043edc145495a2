-- One row a file handed in, and one a row refused. Conservation: read = created + updated + unchanged + duplicate + rejected.
create schema feeds;

create table feeds.import (
  id bigint generated always as identity primary key,
  feed text not null,
  -- What the feed needs besides the file, e.g. {"segment": "vip-2611"}.
  options jsonb not null default '{}',
  file_name text not null,
  stored_path text,
  sha256 text not null,
  state text not null check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
  -- Why it failed, or 'already_imported'; with values for the sentence.
  reason text,
  reason_params jsonb not null default '{}',
  encoding text,
  columns jsonb not null default '[]',
  bytes_total bigint not null default 0,
  bytes_read bigint not null default 0,
  read integer not null default 0,
  created integer not null default 0,
  updated integer not null default 0,
  unchanged integer not null default 0,
  duplicate integer not null default 0,
  rejected integer not null default 0,
  uploaded_by bigint references staff.app_user,
  org_unit_id bigint not null references staff.org_unit,
  created_at timestamptz not null,
  -- How often it was begun: a start that never came to an end was cut off.
  starts smallint not null default 0,
  started_at timestamptz,
  finished_at timestamptz
);
create index import_newest on feeds.import (created_at desc);
create index import_same_file on feeds.import (feed, sha256) where state = 'done' and reason is null;

create table feeds.reject (
  import_id bigint not null references feeds.import on delete cascade,
  row_number integer not null,
  cells jsonb not null,
  -- [{"column": "星级", "value": "9", "reason": "out_of_range"}]
  faults jsonb not null,
  primary key (import_id, row_number)
);
