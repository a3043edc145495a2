-- Files people take out: each has a number, a person and, when it is large, a second person who let it go (SYS-2).
create schema exports;

create table exports.export (
  id bigint generated always as identity primary key,
  -- the code of a declared export
  what text not null,
  format text not null check (format in ('xlsx', 'csv')),
  filter jsonb not null,
  locale text not null,
  -- delivered: streamed at once · waiting: for a second person · queued: to be made · ready: to be fetched until expires_at
  state text not null check (state in ('delivered', 'waiting', 'refused', 'withdrawn', 'queued', 'ready', 'failed', 'expired')),
  -- counted when it was asked for
  rows integer not null,
  reason text,
  requested_by bigint not null references staff.app_user,
  org_unit_id bigint not null references staff.org_unit,
  requested_at timestamptz not null,
  decided_by bigint references staff.app_user,
  decided_at timestamptz,
  refusal text,
  -- a failed one says why: code of a sentence
  fault text,
  -- its name on disk says nothing
  file uuid not null default gen_random_uuid(),
  made_at timestamptz,
  made_rows integer,
  bytes bigint,
  expires_at timestamptz,
  constraint nobody_lets_his_own_go check (decided_by is distinct from requested_by)
);
create index export_of_person on exports.export (requested_by, id);
create index export_waiting on exports.export (id) where state = 'waiting';
create index export_on_disk on exports.export (expires_at) where state = 'ready';
create index export_queued on exports.export (id) where state = 'queued';

-- The newest row is in force, the others are its history.
create table exports.setting (
  id bigint generated always as identity primary key,
  -- an export of more rows waits for a second person
  rows_at_once integer not null check (rows_at_once between 0 and 1000000),
  hours_kept integer not null check (hours_kept between 1 and 168),
  set_by bigint not null references staff.app_user,
  set_at timestamptz not null
);

-- Accounts of programs: they act and are recorded like people, but are none.
create view staff.v_technical_account as
select id from staff.app_user where technical;

-- Also while triggers are switched off for a copy of the database (session_replication_role).
alter table staff.audit_entry enable always trigger audit_entry_stays;
