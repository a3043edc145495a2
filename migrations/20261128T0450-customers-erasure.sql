-- A person may ask to be forgotten (SYS-6): history stays, nobody's. Where a row outlives its number, the number may be absent; blocks keep theirs,
-- for they must still work.
alter table customers.customer add column erased_at timestamptz;
alter table customers.line alter column number drop not null;
alter table contact.touch alter column number drop not null;
alter table messaging.message alter column number drop not null;
alter table messaging.recipient alter column number drop not null;
alter table messaging.reply alter column number drop not null;

-- The line a customer is reached on: one that has a number; active before others, main before secondary, a broadband line last, healthy before
-- doubtful, the oldest first.
create or replace view customers.v_contact_line as
select distinct on (l.customer_id) l.customer_id, l.id as line_id, l.number, l.package, l.arpu_fen, l.status, l.health
from customers.line l
where l.number is not null
order by l.customer_id, (l.health = 'invalid'), (l.status = 'active') desc, (l.kind = 'main') desc, (l.kind = 'broadband'), l.id;
