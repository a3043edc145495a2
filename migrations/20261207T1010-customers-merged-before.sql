-- Customers merged before all that is kept of them followed: what customers itself keeps goes now, the rest as with those of today, in the night to come.
update customers.customer set manager_id = null, merged_at = now() where merged_into is not null;
update customers.star_change x set customer_id = c.merged_into from customers.customer c where c.id = x.customer_id and c.merged_into is not null;
update customers.id_card x set customer_id = c.merged_into from customers.customer c
where c.id = x.customer_id and c.merged_into is not null and not exists (select from customers.id_card o where o.customer_id = c.merged_into);
