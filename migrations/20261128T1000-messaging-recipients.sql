-- How far a planned message has come: for care, which follows what it planned and takes back what it no longer wants.
create view messaging.v_recipient as
select blast_id, customer_id, line_id, state, reason, message_id from messaging.recipient;
