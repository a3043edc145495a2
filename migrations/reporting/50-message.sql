-- One row a message that was meant to reach a customer, for timelines and figures. `shown_state` is one of the seven figures of a blast.
create view reporting.message as
select m.id as message_id, m.customer_id, m.line_id, m.blast_id, m.task_id, m.number, m.purpose, m.body, m.parts, m.state, m.network_code,
       case m.state
         when 'queued' then 'queued' when 'submitted' then 'submitted' when 'accepted' then 'submitted' when 'delivered' then 'delivered'
         when 'rejected' then 'failed' when 'undelivered' then 'failed' when 'expired' then 'expired' when 'in_doubt' then 'inDoubt' else 'refused'
       end as shown_state,
       m.created_at, m.submitted_at, m.finished_at,
       b.code as blast_code, b.name as blast_name, b.campaign_id, t.code as template_code, t.name as template_name
from messaging.message m
left join messaging.blast b on b.id = m.blast_id
left join messaging.template t on t.id = m.template_id
where m.state <> 'void';

-- One row a recipient of a blast: the sum over its states is the audience.
create view reporting.recipient as
select r.blast_id, b.code as blast_code, b.name as blast_name, b.campaign_id, b.org_unit_id, r.customer_id, r.line_id, r.number, r.state, r.reason, r.parts,
       r.updated_at
from messaging.recipient r join messaging.blast b on b.id = r.blast_id;

-- What customers wrote back.
create view reporting.reply as
select id as reply_id, number, customer_id, body, meaning, message_id, received_at from messaging.reply;
