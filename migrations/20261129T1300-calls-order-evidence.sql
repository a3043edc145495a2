-- What an order has to show for itself (CAM-9): who the customer proved to be, what was read out, the recording, and for a paid service the confirming reply.
alter table calls.sales_order
  -- answers: the holder's answers · id_digits: last digits of the ID card · sms_code: a code sent to the number
  add column identity_check text check (identity_check in ('answers', 'id_digits', 'sms_code')),
  add column identity_by bigint references staff.app_user,
  add column identity_at timestamptz,
  add column tariff_read boolean not null default false,
  add column start_read boolean not null default false,
  add column contract_read boolean not null default false,
  -- the product binds for some time, or nobody knows: the contract term has to be read
  add column needs_contract boolean not null default true,
  -- entered by hand; without it the recording is that of the call
  add column recording_ref text,
  -- what a file or a person said last of the order, kept also while it does not count
  add column told_state text check (told_state in ('open', 'succeeded', 'failed')),
  add column told_on date,
  -- null: nothing needs to be confirmed
  add column confirmation text check (confirmation in ('waiting', 'confirmed', 'declined', 'expired')),
  -- until when the customer may answer
  add column confirm_by timestamptz,
  -- the message that asked
  add column confirm_message_id uuid,
  add column needs_review boolean not null default false;
update calls.sales_order set tariff_read = terms_read, start_read = terms_read, contract_read = terms_read,
  told_state = case when state in ('succeeded', 'failed') then state end, told_on = completed_on;
alter table calls.sales_order
  drop column terms_read,
  -- whichever way it came to be: what was not confirmed is no success
  add constraint sales_order_confirmed check (state <> 'succeeded' or confirmation is null or confirmation = 'confirmed');
create index sales_order_waiting on calls.sales_order (confirm_by) where confirmation = 'waiting';
create index sales_order_message on calls.sales_order (confirm_message_id) where confirm_message_id is not null;

-- The one rule of what state an order is in: what was told of it counts once nothing stands against it.
create function calls.order_state(told text, confirmation text) returns text language sql immutable as $$
  select case when confirmation = 'declined' then 'failed'
              when confirmation = 'expired' then 'expired'
              when told = 'failed' then 'failed'
              when confirmation = 'waiting' then 'open'
              else coalesce(told, 'open') end
$$;

-- What happened to an order, one row a deed; goes with the order.
create table calls.order_event (
  id bigint generated always as identity primary key,
  order_id bigint not null references calls.sales_order on delete cascade,
  at timestamptz not null,
  kind text not null,
  detail jsonb not null default '{}',
  by_user bigint references staff.app_user
);
create index order_event_order on calls.order_event (order_id, id);

-- What an administrator decides for all desks.
create table calls.setting (
  key text primary key,
  value jsonb not null,
  updated_by bigint references staff.app_user,
  updated_at timestamptz not null
);
