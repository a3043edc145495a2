-- The promotions of the last weeks, of everybody: what a plan run asks for (CAR-2).
create index star_change_day on customers.star_change (changed_on, customer_id);
