-- What partners give star customers: cinemas, petrol stations, restaurants, car service (CAR-13). It holds for the customers of the unit that noted
-- it and of those below.
create table care.partner_offer (
  id bigint generated always as identity primary key,
  partner text not null,
  kind text not null check (kind in ('cinema', 'fuel', 'restaurant', 'car-service', 'other')),
  benefit text not null,
  redeem text not null,
  -- What a message says of it, whole; null: it is told on calls only.
  sentence text,
  stars smallint[] not null check (cardinality(stars) > 0 and 1 <= all (stars) and 7 >= all (stars)),
  -- Province, city or district as the customers have it; null: the whole unit.
  region text,
  occasion text not null check (occasion in ('any', 'member-day', 'birthday', 'holiday')),
  valid_from date not null,
  valid_until date not null check (valid_until >= valid_from),
  -- Withdrawn before its last day.
  ended_at timestamptz,
  version integer not null default 1,
  org_unit_id bigint not null references staff.org_unit,
  created_by bigint not null references staff.app_user,
  created_at timestamptz not null,
  constraint partner_offer_once unique (org_unit_id, partner, benefit, valid_from)
);

-- That a customer made use of one, as somebody heard or saw it.
create table care.partner_use (
  id bigint generated always as identity primary key,
  offer_id bigint not null references care.partner_offer,
  customer_id bigint not null references customers.customer,
  used_on date not null,
  note text,
  recorded_by bigint not null references staff.app_user,
  recorded_at timestamptz not null,
  constraint partner_use_once unique (offer_id, customer_id, used_on)
);
create index partner_use_customer on care.partner_use (customer_id, used_on desc);
