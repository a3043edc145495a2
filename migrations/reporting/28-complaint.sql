-- Who complained and when, for whoever contacted them before.
create view reporting.complaint as
select customer_id, opened_at, no from tickets.ticket where kind = 'complaint';
