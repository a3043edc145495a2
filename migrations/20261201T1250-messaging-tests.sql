-- Numbers of the house's own to which a unit may send tests; no test goes anywhere else.
create table messaging.test_number (
  id bigint generated always as identity primary key,
  number text,
  -- whose it is
  label text not null,
  org_unit_id bigint not null references staff.org_unit,
  added_by bigint not null references staff.app_user,
  added_at timestamptz not null,
  removed_by bigint references staff.app_user,
  removed_at timestamptz
);
create unique index test_number_once on messaging.test_number (org_unit_id, number) where removed_at is null;

-- Tests of a blast, on a path of their own (R10): no recipient, no message, no job. A row is written before the gateway is asked and never sent again.
create table messaging.test_send (
  id uuid primary key,
  blast_id bigint not null references messaging.blast,
  -- the press of the button: pressed twice it is one
  press text not null,
  number text,
  touch_id uuid not null,
  touch_allowed boolean not null default true check (touch_allowed),
  -- as whom the text was made: its values are theirs
  customer_id bigint references customers.customer,
  template_version integer not null,
  body text not null,
  parts smallint not null,
  encoding text not null check (encoding in ('gsm7', 'ucs2')),
  gateway_code text not null references messaging.gateway,
  gateway_ref text,
  state text not null default 'sending'
    check (state in ('sending', 'accepted', 'rejected', 'throttled', 'not_sent', 'unknown', 'delivered', 'undelivered', 'expired')),
  network_code text,
  sent_by bigint not null references staff.app_user,
  sent_at timestamptz not null,
  finished_at timestamptz,
  -- the database refuses a test that passed no gate (R39)
  foreign key (touch_id, touch_allowed) references contact.test_touch (id, allowed),
  unique (blast_id, press, number)
);
create index test_send_blast on messaging.test_send (blast_id, id desc);
create index test_send_open on messaging.test_send (sent_at) where state in ('sending', 'accepted', 'unknown');
