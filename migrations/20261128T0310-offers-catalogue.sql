-- The tariff catalogue. An offer that is no longer sold stays: who has it goes on paying it, and sums already told point to it.
create schema offers;

create table offers.offer (
  id bigint generated always as identity primary key,
  code text not null unique,
  name text not null,
  kind text not null check (kind in ('package', 'data-pack', 'business-pack', 'second-card')),
  -- A month, in fen.
  price_fen integer not null check (price_fen >= 0),
  -- What it brings a month; null: nothing of it.
  data_mb integer check (data_mb >= 0),
  voice_min integer check (voice_min >= 0),
  -- How long it binds.
  contract_months integer check (contract_months >= 0),
  -- Codes of the offers nobody may have beside it, each once, in order.
  excludes text[] not null default '{}',
  -- The last day it is sold; null: no end is known.
  valid_until date,
  -- Whose it is: sold in this unit and in those below it.
  org_unit_id bigint not null references staff.org_unit,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create view offers.v_offer as
select id, code, name, kind, price_fen, data_mb, voice_min, contract_months, excludes, valid_until, org_unit_id from offers.offer;
