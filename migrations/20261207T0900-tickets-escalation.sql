-- A ticket is put before its superiors when four fifths of the limit that runs are used, counted as the limit is counted, once a limit (TIC-2, TIC-3).
alter table tickets.ticket
  add column answer_escalate timestamptz,
  add column solve_escalate timestamptz,
  -- for which limit it was put before them last
  add column escalated_limit text check (escalated_limit in ('answer', 'solve'));

-- What counts every minute escalates a fifth of its limit before the end, however long the customer was waited for. Working time is as it was until now: by the clock.
update tickets.ticket t set
  answer_escalate = case r.hours when 'clock' then t.answer_due - make_interval(secs => 12 * r.answer_minutes) else t.opened_at + 0.8 * (t.answer_due - t.opened_at) end,
  solve_escalate = case r.hours when 'clock' then t.solve_due - make_interval(secs => 12 * r.solve_minutes) else t.opened_at + 0.8 * (t.solve_due - t.opened_at) end,
  escalated_limit = case when t.escalated_at is null then null when t.answered_at is null or t.escalated_at < t.answered_at then 'answer' else 'solve' end
from tickets.limit_rule r
where r.version = t.limit_version and r.kind = t.kind and r.tier = t.tier and r.scope = t.scope;

alter table tickets.ticket
  alter column answer_escalate set not null,
  alter column solve_escalate set not null,
  add check ((escalated_at is null) = (escalated_limit is null)),
  -- far away when no limit runs, or it was escalated already
  add column escalate_at timestamptz not null generated always as (
    case when state in ('waiting', 'solved', 'closed') then '9999-01-01 00:00:00+00'::timestamptz
         when answered_at is null and escalated_limit is null then answer_escalate
         when answered_at is not null and escalated_limit is distinct from 'solve' then solve_escalate
         else '9999-01-01 00:00:00+00'::timestamptz end) stored;

drop index tickets.ticket_to_escalate;
create index ticket_to_escalate on tickets.ticket (escalate_at) where escalate_at < '9999-01-01 00:00:00+00';
