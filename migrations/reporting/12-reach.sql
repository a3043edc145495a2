-- When somebody was tried and what came of it, and nothing else: narrow, for filters over all customers.
create view reporting.reach as
select a.id as attempt_id, a.customer_id, a.channel, o.connected, o.effective, o.visit, o.converted
from calls.attempt a join calls.outcome o on o.code = a.outcome;
