-- Two customers who turn out to be one: the lines of one without a number went to that of the number. What is left is a shell that says where they went.
alter table customers.customer add column merged_into bigint references customers.customer, add column merged_at timestamptz;
create index customer_merged on customers.customer (merged_into) where merged_into is not null;

create view customers.v_merged as select id, merged_into, merged_at from customers.customer where merged_into is not null;
