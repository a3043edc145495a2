-- What was sold to whom and when, whatever campaign the call belonged to.
create view reporting.sale as
select s.customer_id, s.campaign_id, s.state, s.opened_at, coalesce(p.product_family, 'marketing') as family, p.standing
from calls.sales_order s join campaigns.campaign p on p.id = s.campaign_id;
