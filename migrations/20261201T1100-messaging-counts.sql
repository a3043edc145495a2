-- Whoever stands apart in a blast says why, in every such state; whoever goes the usual way has no reason.
update messaging.recipient r set reason = coalesce(
         case when r.state in ('rejected', 'undelivered', 'expired') then m.network_code end,
         case r.state when 'expired' then 'no_receipt' when 'in_doubt' then 'in_doubt' when 'rejected' then '-' when 'undelivered' then '-' else r.state end)
from messaging.recipient x left join messaging.message m on m.id = x.message_id
where x.blast_id = r.blast_id and x.line_id = r.line_id and r.reason is null
  and r.state in ('refused', 'cancelled', 'rejected', 'undelivered', 'expired', 'in_doubt');
update messaging.recipient set reason = null
where reason is not null and state in ('planned', 'queued', 'submitted', 'accepted', 'delivered');

-- Their lists are read by it. The usual way changes no reason, so those rows stay out of this index and their changes on their page.
create index recipient_apart on messaging.recipient (blast_id, reason, line_id) where reason is not null;

-- How many of a blast stand where: no page counts recipients. Each statement that changes some appends what it changed, in its own transaction and waiting for
-- nobody; the sum is the count at every instant. Once a minute the rows of a blast become few again.
create table messaging.recipient_count (
  blast_id bigint not null references messaging.blast on delete cascade,
  -- in which it was written down, of the last minutes in which something was; null: before
  minute timestamptz,
  state text not null,
  reason text,
  n integer not null,
  parts integer not null,
  -- how many of them have parts
  billed integer not null,
  folded boolean not null default false
);
create index recipient_count_blast on messaging.recipient_count (blast_id);
create index recipient_count_loose on messaging.recipient_count (blast_id) where not folded;

insert into messaging.recipient_count (blast_id, minute, state, reason, n, parts, billed, folded)
select blast_id, date_trunc('minute', updated_at), state, reason, count(*), sum(parts), count(*) filter (where parts > 0), false
from messaging.recipient group by 1, 2, 3, 4;

create function messaging.count_recipients() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into messaging.recipient_count (blast_id, minute, state, reason, n, parts, billed)
    select blast_id, date_trunc('minute', max(updated_at)), state, reason, count(*), sum(parts), count(*) filter (where parts > 0)
    from rows_after group by blast_id, state, reason;
  elsif tg_op = 'DELETE' then
    insert into messaging.recipient_count (blast_id, state, reason, n, parts, billed)
    select blast_id, state, reason, -count(*), -sum(parts), -count(*) filter (where parts > 0) from rows_before group by 1, 2, 3;
  else
    insert into messaging.recipient_count (blast_id, minute, state, reason, n, parts, billed)
    select blast_id, date_trunc('minute', (select max(updated_at) from rows_after)), state, reason, sum(n), sum(parts), sum(billed) from (
      select blast_id, state, reason, count(*) as n, sum(parts) as parts, count(*) filter (where parts > 0) as billed from rows_after group by 1, 2, 3
      union all
      select blast_id, state, reason, -count(*), -sum(parts), -count(*) filter (where parts > 0) from rows_before group by 1, 2, 3) x
    group by blast_id, state, reason having sum(n) <> 0 or sum(parts) <> 0 or sum(billed) <> 0;
  end if;
  return null;
end $$;
create trigger recipients_added after insert on messaging.recipient referencing new table as rows_after
  for each statement execute function messaging.count_recipients();
create trigger recipients_changed after update on messaging.recipient referencing old table as rows_before new table as rows_after
  for each statement execute function messaging.count_recipients();
create trigger recipients_gone after delete on messaging.recipient referencing old table as rows_before
  for each statement execute function messaging.count_recipients();

alter table messaging.recipient add constraint recipient_apart_says_why
  check ((state in ('refused', 'cancelled', 'rejected', 'undelivered', 'expired', 'in_doubt')) = (reason is not null));
