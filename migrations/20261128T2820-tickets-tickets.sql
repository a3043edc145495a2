-- What a customer wants to have settled: asked, complained of, broken, wished, wrong in our books, ordered (TIC-1).
create schema tickets;

-- The time limits, as a whole a version: what is in force is the newest (TIC-2).
create table tickets.limit_version (
  version integer primary key,
  -- the hours that count where a limit counts working time, Asia/Shanghai
  work_from time not null,
  work_to time not null check (work_to > work_from),
  made_by bigint references staff.app_user,
  made_at timestamptz not null
);
create table tickets.limit_rule (
  version integer not null references tickets.limit_version,
  kind text not null check (kind in ('consultation', 'complaint', 'fault', 'suggestion', 'correction', 'business')),
  -- high: diamond, gold, silver
  tier text not null check (tier in ('high', 'other')),
  scope text not null check (scope in ('inside', 'across')),
  hours text not null check (hours in ('clock', 'working')),
  answer_minutes integer not null check (answer_minutes between 1 and 100000),
  solve_minutes integer not null check (solve_minutes between 1 and 100000 and solve_minutes >= answer_minutes),
  primary key (version, kind, tier, scope)
);
insert into tickets.limit_version values (1, '09:00', '18:00', null, now());
-- First answer in 24 h or 48 h, solved in 2 or 3 days inside the province and 3 or 7 across; a day of working time is nine hours.
insert into tickets.limit_rule
select 1, k.kind, t.tier, s.scope, k.hours,
       case k.kind when 'correction' then 15 when 'suggestion' then 240 else case t.tier when 'high' then 1 else 2 end * d.day end,
       case when t.tier = 'high' then case s.scope when 'inside' then 2 else 3 end else case s.scope when 'inside' then 3 else 7 end end * d.day
from (values ('consultation', 'working'), ('complaint', 'clock'), ('fault', 'clock'), ('suggestion', 'working'), ('correction', 'clock'), ('business', 'working')) k (kind, hours)
cross join (values ('high'), ('other')) t (tier)
cross join (values ('inside'), ('across')) s (scope)
cross join lateral (select case k.hours when 'clock' then 1440 else 540 end as day) d;

create table tickets.ticket (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('consultation', 'complaint', 'fault', 'suggestion', 'correction', 'business')),
  no text not null unique generated always as (
    case kind when 'consultation' then 'ZX' when 'complaint' then 'TS' when 'fault' then 'GZ' when 'suggestion' then 'JY' when 'correction' then 'JC' else 'YW' end
    || '-' || lpad(id::text, greatest(6, length(id::text)), '0')) stored,
  scope text not null check (scope in ('inside', 'across')),
  -- of the customer when it was opened: a later star moves no promise
  tier text not null check (tier in ('high', 'other')),
  major boolean not null,
  text text not null,
  customer_id bigint not null references customers.customer,
  line_id bigint references customers.line,
  -- the call it came from
  attempt_id uuid unique,
  state text not null check (state in ('open', 'assigned', 'answered', 'waiting', 'solved', 'closed')),
  org_unit_id bigint not null references staff.org_unit,
  assignee_id bigint references staff.app_user,
  opened_by bigint references staff.app_user,
  opened_at timestamptz not null,
  limit_version integer not null references tickets.limit_version,
  answer_due timestamptz not null,
  solve_due timestamptz not null,
  answered_at timestamptz,
  waiting_since timestamptz,
  solved_at timestamptz,
  closed_at timestamptz,
  -- how often it was solved: each time the customer is asked anew
  round integer not null default 0,
  urges integer not null default 0,
  escalated_at timestamptz,
  merged_into bigint references tickets.ticket,
  satisfaction smallint check (satisfaction between 1 and 5),
  -- the deadline that runs; far away when none does, so that one index orders the list
  due_at timestamptz not null generated always as (
    case when state in ('waiting', 'solved', 'closed') then '9999-01-01 00:00:00+00'::timestamptz
         when answered_at is null then answer_due else solve_due end) stored
);
create index ticket_due on tickets.ticket (due_at, id);
create index ticket_customer on tickets.ticket (customer_id);
create index ticket_assignee on tickets.ticket (assignee_id) where state <> 'closed';
create index ticket_unit on tickets.ticket (org_unit_id);
create index ticket_line on tickets.ticket (line_id) where line_id is not null;
create index ticket_to_escalate on tickets.ticket (due_at) where escalated_at is null;

create table tickets.entry (
  id bigint generated always as identity primary key,
  ticket_id bigint not null references tickets.ticket,
  at timestamptz not null,
  by_user bigint references staff.app_user,
  deed text not null,
  state text not null,
  -- to whom it went, or what it became part of
  target text,
  note text
);
create index entry_ticket on tickets.entry (ticket_id, id);

-- The history grows and nothing else; of somebody who is forgotten the words go.
create function tickets.keep_entry() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.note is null
     and (new.id, new.ticket_id, new.at, new.by_user, new.deed, new.state, new.target) is not distinct from
         (old.id, old.ticket_id, old.at, old.by_user, old.deed, old.state, old.target) then
    return new;
  end if;
  raise exception 'the history of a ticket only grows';
end $$;
create trigger entry_stays before update or delete on tickets.entry for each row execute function tickets.keep_entry();
