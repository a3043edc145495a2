-- Words of one message that wait to be applied are asked for with each doubt; those nobody knows stay open for days.
create index receipt_open_message on messaging.receipt (message_id) where applied_at is null and message_id is not null;
