-- A long message goes out in parts, each under a gateway's id of its own; what is said of the parts is folded into one word of the message.
-- A part of a message in doubt is known by what its receipt tells of it (`receipt.hint`), once no other message can be meant.
create table messaging.message_part (
  gateway_code text not null,
  gateway_ref text not null,
  -- the same as the gateway spells it; null where only a receipt told it
  gateway_id text,
  message_id uuid not null,
  parts smallint not null check (parts > 0),
  state text check (state in ('accepted', 'delivered', 'undelivered', 'expired')),
  network_code text,
  made_at timestamptz not null,
  primary key (gateway_code, gateway_ref)
);
create index message_part_message on messaging.message_part (message_id);
create index message_part_made on messaging.message_part (made_at);

-- What tells, besides the gateway's id, of which message a receipt speaks: a digest of number and own reference.
alter table messaging.receipt add column hint text;

-- Parts of what a customer writes, until all are there.
create table messaging.inbound_part (
  id bigint generated always as identity primary key,
  gateway_code text not null,
  number text not null,
  reference integer not null,
  part smallint not null,
  parts smallint not null,
  body text not null,
  received_at timestamptz not null,
  unique (gateway_code, number, reference, parts, part)
);
create index inbound_part_received on messaging.inbound_part (received_at);

-- The connections of gateways that keep some, as each process sees its own.
create table messaging.gateway_line (
  gateway_code text not null references messaging.gateway,
  process uuid not null,
  -- transceiver, transmitter, receiver …
  line text not null,
  state text not null check (state in ('connecting', 'bound', 'waiting')),
  since timestamptz not null,
  -- the last one, kept when the line is there again
  fault text,
  fault_at timestamptz,
  seen_at timestamptz not null,
  primary key (gateway_code, process, line)
);
