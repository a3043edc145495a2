-- One row each thing that happened with a customer, whatever the channel (CUS-4). `at` and `entry` are the order, newest first: `entry` is unique.
-- A module that knows of more adds a branch of the same columns.
create view reporting.timeline as
-- calls, chats and visits of ours, and the calls of the switch
select a.customer_id, a.started_at as at, 'attempt:' || a.id as entry, 'attempt' as kind, a.channel, p.name as title, a.outcome as state,
       o.label_zh as state_zh, o.label_en as state_en, o.tone, a.note as text, null::text as purpose, null::text[] as reasons,
       a.talk_seconds, null::integer as parts, u.name as actor, null::text as source
from calls.attempt a
join calls.outcome o on o.code = a.outcome
join campaigns.campaign p on p.id = a.campaign_id
join staff.app_user u on u.id = a.manager_id
union all
select m.customer_id, m.created_at, 'message:' || m.message_id, 'message', 'sms', coalesce(m.template_name, m.blast_name), m.shown_state,
       null, null, null, m.body, m.purpose, null, null, m.parts, null, m.network_code
from reporting.message m
union all
select r.customer_id, r.received_at, 'reply:' || r.id, 'reply', 'sms', null, r.meaning, null, null, null, r.body, null, null, null, null, null, null
from messaging.reply r
where r.customer_id is not null
union all
-- what the gate did not let through, and why
select t.customer_id, t.at, 'refusal:' || t.id, 'refusal', t.channel, p.name, t.state, null, null, null, null, t.purpose, t.reasons, null, null, u.name, t.source
from contact.touch t
left join campaigns.campaign p on p.id = t.campaign_id
left join staff.app_user u on u.id = t.actor_id
where not t.allowed
union all
-- what other systems did and reported; touches of our own stand above as what they became
select t.customer_id, t.at, 'touch:' || t.id, 'reported', t.channel, null, t.state, null, null, null, null, t.purpose, null, null, null, null, t.source
from contact.touch t
where t.allowed and (t.state = 'history' and not starts_with(t.source, 'feed:') or t.state = 'confirmed' and starts_with(t.source, 'api:'))
union all
-- asked to an event, and what they said (CAR-10); a visit stands there once it has taken place
select i.customer_id, i.invited_at, 'invitation:' || i.event_id || ':' || i.customer_id, 'invitation', 'event', e.title, coalesce(i.answer, 'invited'),
       null, null, null, i.note, null, null, null, null, u.name, null
from care.invitation i
join care.event e on e.id = i.event_id
left join staff.app_user u on u.id = coalesce(i.answer_by, i.invited_by)
where i.invited_at is not null and e.kind not in ('home-visit', 'counter-visit')
union all
select i.customer_id, e.starts_at, 'attendance:' || i.event_id || ':' || i.customer_id, 'attendance',
       case when e.kind in ('home-visit', 'counter-visit') then 'visit' else 'event' end, e.title, case when i.attended then 'attended' else 'absent' end,
       null, null, null, i.note, null, null, null, null, u.name, null
from care.invitation i
join care.event e on e.id = i.event_id
left join staff.app_user u on u.id = i.attended_by
where i.attended is not null
union all
-- planned care calls that were taken back or went to another manager because something had changed
select r.customer_id, r.at, 'replan:' || r.id, 'replanned', 'call', p.name, r.why, null, null, null, null, null, null, null, null, null, null
from care.replan r
left join campaigns.campaign p on p.code = r.rule_code
union all
-- what happened to what they wanted settled (TIC-3): opened, answered, solved, closed, open again; who has it meanwhile is the ticket's own affair
select t.customer_id, e.at, 'ticket:' || e.id, 'ticket', 'ticket', t.no, e.deed, null, null,
       case e.deed when 'open' then case when t.kind in ('complaint', 'fault') then 'bad' else 'warn' end when 'reopen' then 'warn' when 'unheard' then 'warn' when 'answer' then '' else 'ok' end,
       case when e.deed = 'open' then nullif(t.text, '') else e.note end, null, null, null, null, u.name, null
from tickets.entry e
join tickets.ticket t on t.id = e.ticket_id
left join staff.app_user u on u.id = e.by_user
where e.deed in ('open', 'answer', 'solve', 'close', 'reopen', 'unheard')
union all
-- what was promised on calls, and what became of it (CAM-5); what is handed over goes on as another promise, which is not made again
select p.customer_id, s.at, 'promise:' || p.id || ':' || s.state, 'promise', 'promise', p.kind, s.state, null, null, s.tone, nullif(s.text, ''),
       null, null, null, null, u.name, null
from calls.promise p
left join calls.promise n on n.previous_id = p.id
left join staff.app_user nu on nu.id = n.owner_id
cross join lateral (values
  ('made', case when p.previous_id is null then p.made_at end, p.made_by, '', concat_ws(' · ', nullif(p.text, ''), p.due_on)),
  (case when p.state <> 'open' then p.state end, p.closed_at, p.closed_by, case p.state when 'kept' then 'ok' when 'broken' then 'bad' else '' end,
   concat_ws(' · ', nullif(p.text, ''), '→ ' || nu.name, case when p.state <> 'broken' then p.note end)),
  ('done', p.done_at, p.done_by, 'ok', concat_ws(' · ', nullif(p.text, ''), p.note))) s(state, at, by_user, tone, text)
left join staff.app_user u on u.id = s.by_user
where s.at is not null;
