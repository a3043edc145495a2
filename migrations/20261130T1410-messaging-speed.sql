-- A blast to a million writes each of these rows three times; what each write costs decides how long it takes.

-- Where the next batch begins: recipients are taken in the order of their lines. Whoever is planned anew behind it is found by a second round.
alter table messaging.blast add column cut_after bigint not null default 0;

-- No index on the state of recipients: their changes then stay on their page and touch none of the other indexes. Half of a page is left for them.
drop index messaging.recipient_state;
alter table messaging.recipient set (fillfactor = 50);

-- Whoever is asked for: what waits, by what for.
drop index messaging.message_waiting;
create index message_waiting on messaging.message (state, created_at) where state in ('queued', 'submitted', 'accepted', 'in_doubt');

-- A message is written from a recipient's row, whose own keys hold customer and line, or from a task's card; five look-ups a row were half of its price.
alter table messaging.message
  drop constraint message_blast_id_fkey,
  drop constraint message_customer_id_fkey,
  drop constraint message_line_id_fkey,
  drop constraint message_template_id_fkey,
  drop constraint message_touch_id_touch_allowed_fkey;

-- The database still refuses a message without an allowed touch (R39), for all rows of a statement at once.
create function messaging.refuse_without_touch() returns trigger language plpgsql as $$
begin
  if exists (select from written w left join contact.touch t on t.id = w.touch_id and t.allowed where t.id is null) then
    raise foreign_key_violation using message = 'a message without an allowed touch: touch_id is no foreign key of contact.touch';
  end if;
  return null;
end $$;
create trigger message_touch after insert on messaging.message referencing new table as written
  for each statement execute function messaging.refuse_without_touch();

create function messaging.keep_touch() returns trigger language plpgsql as $$
begin
  if (new.touch_id, new.touch_allowed) is distinct from (old.touch_id, old.touch_allowed) then
    raise foreign_key_violation using message = 'the touch of a message never changes';
  end if;
  return new;
end $$;
create trigger message_keeps_touch before update of touch_id, touch_allowed on messaging.message
  for each row execute function messaging.keep_touch();
