-- Tests of messages, to numbers of the house's own (R10): the gate's word on each. A ledger of its own, so that no cap, report or timeline counts them.
create table contact.test_touch (
  -- uuid v7 of the moment
  id uuid primary key,
  number text,
  allowed boolean not null,
  reasons text[] not null default '{}',
  source text not null,
  actor_id bigint not null references staff.app_user,
  at timestamptz not null,
  unique (id, allowed),
  check (allowed = (reasons = '{}'))
);
create index test_touch_number on contact.test_touch (number, at);
