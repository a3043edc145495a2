-- Who served a customer before: the record of the customer told by its newest changes (CAR-2, CAR-3).
create index profile_fact_manager on customers.profile_fact (learned_at, customer_id) where field = 'manager';

create view customers.v_manager_change as
select id, customer_id, case when field = 'manager' then old_value::bigint end as old_manager_id,
       case when field = 'manager' then value::bigint end as manager_id, learned_at as changed_at
from customers.profile_fact where field = 'manager';
