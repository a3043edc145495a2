-- What the switch tells while a call happens, by signed webhook (SYS-3).

-- Who may tell: a key in clear, its secret sealed, shown once. Lines and agents are looked for in and below its unit.
create table calls.cti_key (
  id bigint generated always as identity primary key,
  code text not null unique,
  name text not null,
  org_unit_id bigint not null references staff.org_unit,
  sealed bytea not null,
  seal_key_id text not null,
  created_by bigint references staff.app_user,
  created_at timestamptz not null,
  revoked_at timestamptz
);

-- A call as its events tell it, whatever the order they came in; see leg.policy.ts.
create table calls.call_leg (
  id bigint generated always as identity primary key,
  org_unit_id bigint not null references staff.org_unit,
  -- the call's name in the switch
  ref text not null,
  number text not null,
  agent_no text,
  caller_number text,
  state text not null check (state in ('dialling', 'ringing', 'answered', 'ended')),
  started_at timestamptz not null,
  answered_at timestamptz,
  ended_at timestamptz,
  -- answer to end
  talk_seconds integer not null default 0 check (talk_seconds >= 0),
  cause text,
  recording_ref text,
  attempt_id uuid references calls.attempt,
  -- when it is looked at again beside the attempts; null = nothing new, or it is not over
  settle_at timestamptz,
  updated_at timestamptz not null,
  unique (org_unit_id, ref)
);
create index call_leg_settle on calls.call_leg (settle_at) where settle_at is not null;
create index call_leg_attempt on calls.call_leg (attempt_id) where attempt_id is not null;
create index call_leg_number on calls.call_leg (number, started_at desc);

-- The same event twice is one.
create table calls.cti_event (
  org_unit_id bigint not null references staff.org_unit,
  event_id text not null,
  leg_id bigint not null references calls.call_leg on delete cascade,
  type text not null check (type in ('dialling', 'ringing', 'answered', 'ended')),
  at timestamptz not null,
  number text not null,
  agent_no text,
  caller_number text,
  cause text,
  recording_ref text,
  received_at timestamptz not null,
  primary key (org_unit_id, event_id)
);
create index cti_event_leg on calls.cti_event (leg_id);
create index cti_event_received on calls.cti_event (received_at);

-- A call that the switch told and that belongs to no attempt stands with the records of files that do not.
alter table calls.unmatched_record
  alter column import_id drop not null,
  add column leg_id bigint references calls.call_leg on delete cascade,
  add check (num_nonnulls(import_id, leg_id) > 0);
create unique index unmatched_record_leg on calls.unmatched_record (leg_id) where leg_id is not null;
