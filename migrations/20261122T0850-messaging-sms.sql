create schema messaging;

create table messaging.template (
  id bigint generated always as identity primary key,
  code text not null unique,
  name text not null,
  purpose text not null check (purpose in ('marketing', 'care', 'greeting', 'service')),
  org_unit_id bigint not null references staff.org_unit,
  created_by bigint references staff.app_user,
  created_at timestamptz not null,
  retired_at timestamptz
);

-- Each change of the wording is a version; what is sent is the newest approved one, so a draft never disturbs a template in use.
-- The product's own defaults have no author and no approver.
create table messaging.template_version (
  template_id bigint not null references messaging.template,
  version integer not null,
  signature text not null,
  body text not null,
  author_id bigint references staff.app_user,
  created_at timestamptz not null,
  approved_by bigint references staff.app_user,
  approved_at timestamptz,
  primary key (template_id, version),
  check (approved_by is null or approved_by is distinct from author_id)
);

create table messaging.gateway (
  code text primary key,
  kind text not null check (kind in ('simulator', 'http', 'smpp', 'smgp')),
  -- host, port, systemId, url …; secrets are kept out of lists and logs
  settings jsonb not null default '{}',
  rate_per_second integer not null default 100 check (rate_per_second > 0),
  send_window integer not null default 32 check (send_window > 0),
  active boolean not null default true,
  -- Pacing: the instant (database clock) from which the next message may go. One row, so every process keeps the same rate.
  free_at timestamptz not null default '-infinity',
  created_at timestamptz not null
);

create table messaging.blast (
  id bigint generated always as identity primary key,
  code text not null unique,
  name text not null,
  template_id bigint not null references messaging.template,
  segment_id bigint references segments.segment,
  filter jsonb,
  campaign_id bigint references campaigns.campaign,
  gateway_code text not null references messaging.gateway,
  -- A care rule fills its own blast a day (code = rule and day); everybody in it was put there by the plan run.
  planned_by_care boolean not null default false,
  state text not null default 'draft' check (state in ('draft', 'running', 'paused', 'done', 'cancelled')),
  -- the wording as approved when the blast started
  template_version integer,
  body text,
  signature text,
  purpose text check (purpose in ('marketing', 'care', 'greeting', 'service')),
  not_before timestamptz,
  not_after timestamptz,
  rate_per_second integer check (rate_per_second > 0),
  free_at timestamptz not null default '-infinity',
  -- when its next batch is due: what the stall watch looks at
  next_at timestamptz,
  org_unit_id bigint not null references staff.org_unit,
  created_by bigint references staff.app_user,
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  check (not_after is null or not_before is null or not_after > not_before)
);

-- One row a recipient: the sum of its states is the audience, at every instant. Terminal states have no way out but late receipts.
create table messaging.recipient (
  blast_id bigint not null references messaging.blast,
  customer_id bigint not null references customers.customer,
  line_id bigint not null references customers.line,
  number text not null,
  -- planned → refused | queued → submitted → accepted | rejected → delivered | undelivered | expired | in_doubt
  state text not null default 'planned'
    check (state in ('planned', 'refused', 'queued', 'submitted', 'accepted', 'rejected', 'delivered', 'undelivered', 'expired', 'in_doubt', 'cancelled')),
  reason text,
  message_id uuid,
  parts smallint not null default 0,
  updated_at timestamptz not null,
  primary key (blast_id, line_id)
) with (fillfactor = 80);
-- One message a customer and a number. Further lines of the same customer stand in the audience as refused: duplicate.
create unique index recipient_customer on messaging.recipient (blast_id, customer_id) where reason is distinct from 'duplicate';
create unique index recipient_number on messaging.recipient (blast_id, number) where reason is distinct from 'duplicate';
create index recipient_state on messaging.recipient (blast_id, state, line_id);

create table messaging.message (
  -- uuid v7 of the moment of hand-over; months are partitions
  id uuid primary key,
  blast_id bigint references messaging.blast,
  task_id bigint references calls.task,
  customer_id bigint not null references customers.customer,
  line_id bigint not null references customers.line,
  number text not null,
  touch_id uuid not null,
  touch_allowed boolean not null default true check (touch_allowed),
  template_id bigint references messaging.template,
  purpose text not null,
  body text not null,
  parts smallint not null,
  encoding text not null check (encoding in ('gsm7', 'ucs2')),
  gateway_code text not null,
  -- queued = the intent, committed before the gateway is asked; 'void' = the gateway said it never came, another message took its place
  state text not null check (state in ('queued', 'submitted', 'accepted', 'rejected', 'delivered', 'undelivered', 'expired', 'in_doubt', 'refused', 'void')),
  network_code text,
  created_at timestamptz not null,
  submitted_at timestamptz,
  finished_at timestamptz,
  foreign key (touch_id, touch_allowed) references contact.touch (id, allowed)
) partition by range (id);
create table messaging.message_default partition of messaging.message default;
create index message_customer on messaging.message (customer_id, id);
create index message_blast on messaging.message (blast_id, id) where blast_id is not null;
create index message_waiting on messaging.message (created_at) where state in ('queued', 'submitted', 'accepted', 'in_doubt');

-- The gateway's own ids: natural key, unpartitioned.
create table messaging.gateway_message (
  gateway_code text not null,
  gateway_ref text not null,
  message_id uuid not null,
  primary key (gateway_code, gateway_ref)
);

-- Receipts are appended as they come and joined later: one that beats the submit mark is never lost.
create table messaging.receipt (
  id bigint generated always as identity primary key,
  gateway_code text not null,
  gateway_ref text,
  -- our own reference, where the gateway gives it back
  message_id uuid,
  state text not null check (state in ('accepted', 'delivered', 'undelivered', 'expired', 'unknown')),
  network_code text,
  received_at timestamptz not null,
  applied_at timestamptz
);
create index receipt_open on messaging.receipt (id) where applied_at is null;

create table messaging.reply (
  id bigint generated always as identity primary key,
  gateway_code text not null,
  gateway_ref text,
  number text not null,
  customer_id bigint,
  body text not null,
  meaning text not null check (meaning in ('opt_out', 'expected', 'consent', 'unclear')),
  message_id uuid,
  received_at timestamptz not null,
  unique (gateway_code, gateway_ref)
);

-- What the embedded simulator "on the other side" has taken over: written on its own, outside every transaction of the sender, and never
-- unique, so that it counts what really arrived, twice sent included.
create table messaging.simulator_inbox (
  id bigint generated always as identity primary key,
  gateway_code text not null,
  message_id uuid not null,
  number text not null,
  body text not null,
  parts smallint not null,
  accepted_at timestamptz not null,
  -- what its network will say, and when; null = never
  fate text,
  network_code text,
  receipt_at timestamptz,
  receipt_sent_at timestamptz,
  reply text
);
create index simulator_inbox_message on messaging.simulator_inbox (message_id);
create index simulator_inbox_due on messaging.simulator_inbox (receipt_at) where receipt_sent_at is null and receipt_at is not null;

create view messaging.v_message as
select id, blast_id, task_id, customer_id, number, purpose, body, parts, state, network_code, created_at, submitted_at, finished_at
from messaging.message where state <> 'void';

-- `version`, `signature` and `body` are those in use (the newest approved); null while there is none.
create view messaging.v_template as
select t.id, t.code, t.name, t.purpose, t.org_unit_id, v.version, v.signature, v.body
from messaging.template t
left join lateral (
  select version, signature, body from messaging.template_version
  where template_id = t.id and approved_at is not null order by version desc limit 1
) v on true
where t.retired_at is null;

create view messaging.v_blast as
select id, code, name, template_id, segment_id, campaign_id, purpose, state, org_unit_id, started_at, finished_at from messaging.blast;
