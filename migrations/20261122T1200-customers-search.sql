-- "customers of that city, of that district", newest first: walked from its end, so that a page costs a page, and nobody costs nothing.
create index customer_region on customers.customer (city, district, id);
