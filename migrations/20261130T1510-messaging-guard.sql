-- The blast whose message somebody answered: what it is judged by while it runs.
alter table messaging.reply add column blast_id bigint references messaging.blast;
update messaging.reply r set blast_id = m.blast_id from messaging.message m where m.id = r.message_id and m.blast_id is not null;
create index reply_opted_out on messaging.reply (blast_id) where meaning = 'opt_out' and blast_id is not null;
-- What had come when a person let it go on after the product had stopped it: { "optOuts", "complaints", "delivered" }; only what comes later counts.
alter table messaging.blast add column guard_base jsonb;
