-- The health tier of customers, with the gravest of its reasons, and the highest current score of their lines, for filters, care and pages below retention (CUS-5, RET-2).
create view reporting.customer_health as select customer_id, tier, since, reasons -> 0 ->> 'code' as reason from retention.health;
create view reporting.churn_score as
select customer_id, floor(max(score) * 100)::integer as percent from retention.v_churn_score group by customer_id;
