-- How satisfied the customer said to be, 1 to 5, asked in follow-up calls (QUA-2).
alter table calls.attempt add column satisfaction smallint check (satisfaction between 1 and 5);

create or replace view calls.v_attempt as
select a.id, a.task_id, a.campaign_id, a.customer_id, a.line_id, a.manager_id, a.ordinal, a.started_at, a.outcome, a.reason, a.topics,
       a.talk_seconds, a.talk_source, a.source, a.channel, a.note, a.list_source, o.connected, o.effective, o.visit, o.converted, a.satisfaction
from calls.attempt a join calls.outcome o on o.code = a.outcome;

create view calls.v_order as
select id, attempt_id, campaign_id, customer_id, order_no, product, state, completed_on from calls.sales_order;
create index sales_order_completed on calls.sales_order (completed_on) where state = 'succeeded';
