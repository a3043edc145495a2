-- A blast to a million: what each message costs is the rows and the index entries written for it.

-- What gateways say, one row for all that came together, until it is merged into its messages. What is about nobody known yet, and what repeats or
-- contradicts, is kept in messaging.receipt, a row each.
create table messaging.said (
  id bigint generated always as identity primary key,
  gateway_code text not null,
  said_at timestamptz not null,
  -- true: our messages, taken under these ids; false: what the network says of them later
  taken boolean not null,
  words integer not null check (words > 0),
  -- the words, each at the same place in all lists; a list that says nothing is null
  message_ids uuid[],
  refs text[],
  states text[],
  codes text[],
  hints text[]
);
-- read once and gone: to pack it would cost more than it saves
alter table messaging.said alter column message_ids set storage external, alter column refs set storage external, alter column states set storage external,
  alter column codes set storage external, alter column hints set storage external;

-- Volatile, so that it is called as it stands: the planner then counts on a thousand words a set.
create function messaging.words_of(message_ids uuid[], refs text[], states text[], codes text[], hints text[])
returns table (message_id uuid, ref text, state text, code text, hint text, nth bigint) language sql volatile rows 1000 as $$
  select * from unnest(message_ids, refs, states, codes, hints) with ordinality
$$;

-- The state of a message stands in no index, so that a change of it stays on its page. What waits for long is asked for by a column of its own, which the usual
-- way, from intent to delivery, never touches; why somebody failed stands at the recipient.
drop index messaging.message_waiting;
drop index messaging.message_failed;
alter table messaging.message add column waits text generated always as (
  case when state in ('submitted', 'accepted', 'in_doubt') or (state = 'queued' and blast_id is null) then state end) stored;
create index message_waiting on messaging.message (waits, created_at) where waits is not null;

-- Intents of a blast without an answer are looked for from here on: what was cut before is answered.
alter table messaging.blast add column open_since timestamptz;

-- Rows that are written once and moved once need as much room again on their page.
do $$
declare
  part regclass;
begin
  for part in select inhrelid from pg_inherits where inhparent = 'contact.touch'::regclass loop
    execute format('alter table %s set (fillfactor = 50)', part);
  end loop;
  -- what its network says makes a message longer
  for part in select inhrelid from pg_inherits where inhparent = 'messaging.message'::regclass loop
    execute format('alter table %s set (fillfactor = 45)', part);
  end loop;
end $$;
-- planned, queued with its message, delivered: by the third time the first is gone
alter table messaging.recipient set (fillfactor = 40);

-- A gateway's ids are its own: one that begins anew gives some a second time, and speaks of the newer message then.
alter table messaging.gateway_message drop constraint gateway_message_pkey;
create index gateway_message_ref on messaging.gateway_message (gateway_code, gateway_ref);

-- Looks the touches up by their keys in one go, whatever the tables looked like when it was planned.
create or replace function messaging.refuse_without_touch() returns trigger language plpgsql set enable_seqscan = off as $$
begin
  if (select count(distinct touch_id) from written) <> (select count(*) from contact.touch where id = any(array(select touch_id from written)) and allowed) then
    raise foreign_key_violation using message = 'a message without an allowed touch: touch_id is no foreign key of contact.touch';
  end if;
  return null;
end $$;
