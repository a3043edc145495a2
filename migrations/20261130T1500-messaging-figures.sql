-- What a part costs on a way out, in thousandths of a yuan (厘); null: not told, then there is no cost to show. Some networks bill what they took, others only what arrived.
alter table messaging.gateway add column part_price integer check (part_price >= 0);
alter table messaging.gateway add column billed_on text not null default 'submit' check (billed_on in ('submit', 'delivery'));

-- What is decided for all blasts (SMS-3, SMS-6); the last row is in force, none: the defaults of the code.
create table messaging.blast_rule (
  id bigint generated always as identity primary key,
  -- within so many days of a message an order, an opt-out, a complaint is put down to it
  order_days smallint not null check (order_days between 1 and 90),
  opt_out_days smallint not null check (opt_out_days between 1 and 90),
  complaint_days smallint not null check (complaint_days between 1 and 90),
  -- per 10,000 delivered, once so many are delivered; null: no limit
  opt_outs_most integer check (opt_outs_most >= 0),
  complaints_most integer check (complaints_most >= 0),
  guard_from integer not null check (guard_from >= 1),
  -- a blast to more customers than this needs a second person's word; null: none does
  approve_above integer check (approve_above >= 0),
  -- and that of the client
  client_approves boolean not null default false,
  set_by bigint not null references staff.app_user,
  set_at timestamptz not null
);

-- Left alone by chance, to tell what the message brought (CAM-10).
alter table messaging.blast add column holdout_percent numeric(5, 2) not null default 0 check (holdout_percent between 0 and 90);
-- Why the product itself stopped it: { "kind", "count", "delivered", "limit", "at" }; null: nobody, or a person.
alter table messaging.blast add column paused_by jsonb;

create index reply_message on messaging.reply (message_id) where message_id is not null;
-- failed ones by code, and one code's
create index message_failed on messaging.message (blast_id, network_code) where state in ('rejected', 'undelivered') and blast_id is not null;
