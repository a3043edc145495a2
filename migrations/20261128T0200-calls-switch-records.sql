-- What a raw record of the switch adds to the attempt it belongs to.
alter table calls.attempt
  add column answered_at timestamptz,
  add column ended_at timestamptz,
  -- the start by the switch's own clock: by it the same record is known again; null = no raw record belongs to this attempt
  add column switch_started_at timestamptz,
  -- what the switch says of the end, beside what a person recorded; null = it says nothing
  add column switch_outcome text references calls.outcome;
-- attempts whose outcome the switch contradicts, for the report
create index attempt_contradicted on calls.attempt (id) where flags @> '{switch_contradicts}';

-- A raw record of the switch that belongs to no attempt: a report, not a loss. It goes when its attempt turns up.
create table calls.unmatched_record (
  id bigint generated always as identity primary key,
  number text not null,
  started_at timestamptz not null,
  -- agent number and user name as the file has them; agent is the one that counts, '' when there is none
  agent_no text,
  manager text,
  agent text generated always as (coalesce(lower(manager), agent_no, '')) stored not null,
  reason text not null check (reason in ('agent_missing', 'line_unknown', 'agent_unknown', 'no_attempt_near', 'attempt_taken', 'several_near')),
  outcome text references calls.outcome,
  cause text,
  talk_seconds integer not null check (talk_seconds >= 0),
  answered_at timestamptz,
  ended_at timestamptz,
  recording_ref text,
  caller_number text,
  line_id bigint references customers.line,
  manager_id bigint references staff.app_user,
  -- the uploader's unit: lines and agents are looked for in and below it
  org_unit_id bigint not null references staff.org_unit,
  import_id bigint not null references feeds.import,
  created_at timestamptz not null,
  -- when it is tried again; null = no more by itself, only a new attempt near it brings it back
  next_try_at timestamptz,
  unique (number, started_at, agent, org_unit_id)
);
create index unmatched_record_start on calls.unmatched_record (started_at desc, id desc);
create index unmatched_record_import on calls.unmatched_record (import_id);
create index unmatched_record_due on calls.unmatched_record (next_try_at) where next_try_at is not null;
