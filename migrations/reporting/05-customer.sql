-- Who a customer is and whose: what a page of another module needs to name one and to keep to the reader's scope.
create view reporting.customer as
select c.id as customer_id, c.name, c.star_level as star, c.manager_id, o.path as org_path, c.erased_at
from customers.customer c
join staff.org_unit o on o.id = c.org_unit_id;
