-- ID-card numbers (CUS-2): sealed with a key that is not in the database, one row each time one was told. Only the newest row of a customer holds a
-- number: what was replaced or taken away keeps who and when, and nothing else.
create table customers.id_card (
  id bigint generated always as identity primary key,
  customer_id bigint not null references customers.customer,
  -- AES-256-GCM: nonce, tag, cipher text; bound to the customer
  sealed bytea,
  -- which key: the first digits of its SHA-256
  key_id text,
  learned_by bigint references staff.app_user,
  learned_at timestamptz not null,
  attempt_id uuid,
  check ((sealed is null) = (key_id is null))
);
create index id_card_newest on customers.id_card (customer_id, id desc);
create index id_card_key on customers.id_card (key_id) where sealed is not null;

-- Settings of this module; what is not here stands at its default.
create table customers.setting (
  key text primary key,
  value jsonb not null,
  updated_by bigint references staff.app_user,
  updated_at timestamptz not null
);
