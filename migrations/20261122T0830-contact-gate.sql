-- The gate and its ledger: every touch of every channel, asked for or reported, allowed or refused, with its reasons (GOV-1).
create schema contact;

create table contact.touch (
  -- uuid v7 of the moment of contact; months are partitions.
  id uuid not null,
  -- Part of the key so that an attempt or a message can point only to an allowed touch: the database itself refuses the rest.
  allowed boolean not null,
  -- reserved: asked for, counts while it lasts · confirmed: it happened · voided: given back, counts no more · refused · history: happened elsewhere and was reported
  state text not null check (state in ('reserved', 'confirmed', 'voided', 'refused', 'history')),
  customer_id bigint not null,
  number text not null,
  channel text not null check (channel in ('call', 'sms', 'wecom', 'visit', 'inbound')),
  purpose text not null check (purpose in ('marketing', 'care', 'greeting', 'service', 'callback')),
  reasons text[] not null default '{}',
  campaign_id bigint,
  source text not null,
  actor_id bigint,
  at timestamptz not null,
  -- A reservation that is neither confirmed nor voided stops counting here.
  expires_at timestamptz,
  -- Of a refusal: per reason what the rule saw and the setting it was held against, so that it can be explained years later.
  facts jsonb,
  primary key (id, allowed),
  check (allowed = (state <> 'refused'))
) partition by range (id);
create table contact.touch_default partition of contact.touch default;
create index touch_customer on contact.touch (customer_id, id);

-- Blocks are keyed by number, without a foreign key: an import can never clear one, a number may be blocked before it is known (R19).
create table contact.block (
  id bigint generated always as identity primary key,
  number text not null,
  channel text not null check (channel in ('call', 'sms', 'all')),
  -- marketing: an opt-out; all: do-not-contact, service included
  scope text not null default 'all' check (scope in ('all', 'marketing')),
  reason text not null,
  source text not null,
  until timestamptz,
  created_by bigint,
  created_at timestamptz not null,
  lifted_at timestamptz,
  lifted_by bigint,
  lift_reason text
);
create unique index block_number on contact.block (number, channel, scope) where lifted_at is null;

-- States in which marketing rests (GOV-7), pushed down by the modules that know them: open complaint, fault, retention case, arrears, abroad.
create table contact.protection (
  customer_id bigint not null references customers.customer,
  kind text not null check (kind in ('complaint', 'fault', 'retention', 'arrears', 'abroad')),
  ref text not null,
  -- who told: 'tickets', 'retention', 'api:<system>'
  source text not null,
  since timestamptz not null,
  until timestamptz,
  released_at timestamptz,
  primary key (customer_id, kind, ref)
);

-- After a refusal or a success the same product family rests.
create table contact.cooling_off (
  customer_id bigint not null references customers.customer,
  family text not null,
  until timestamptz not null,
  cause text not null,
  primary key (customer_id, family)
);

-- Windows and caps as data: one row a rule, see contact/rules.
create table contact.setting (
  rule text primary key,
  value jsonb not null,
  updated_by bigint,
  updated_at timestamptz not null
);

-- Who set what, and what it was before.
create table contact.setting_change (
  id bigint generated always as identity primary key,
  -- the rule, by its reason code
  reason text not null,
  path text not null,
  old_value text not null,
  new_value text not null,
  changed_by bigint not null,
  changed_at timestamptz not null
);

-- What another system asked for or reported, by its own reference: said twice it is one (GOV-8).
create table contact.foreign_ask (
  system text not null,
  kind text not null check (kind in ('reservation', 'touch')),
  reference text not null,
  touch_id uuid not null,
  customer_id bigint not null,
  channel text not null,
  purpose text not null,
  primary key (system, kind, reference)
);

create view contact.v_block as
select number, channel, scope, reason, source, until from contact.block where lifted_at is null;

create view contact.v_touch as
select id, customer_id, number, channel, purpose, allowed, state, reasons, campaign_id, source, at, facts from contact.touch;
