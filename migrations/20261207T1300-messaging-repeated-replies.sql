-- A gateway's id of an answer is no key: some centres give the same one to all. What is sent again because its acknowledgement got lost is known by being
-- what its number said last, a moment ago; who keeps an answer holds a lock of its number while he looks.
alter table messaging.reply drop constraint reply_gateway_code_gateway_ref_key;
create index reply_number on messaging.reply (number, id);
