-- When a customer was last changed: what was decided before may have to be decided again.
create or replace view customers.v_customer as
select c.id, c.customer_no, c.name, c.gender, c.star_level,
       coalesce(c.tier, (select t.tier from customers.star_tier t where t.star_level = c.star_level)) as tier,
       c.class, c.province, c.city, c.district,
       c.birth_year, c.birth_month, c.birth_day, c.birth_calendar, c.birth_leap, c.joined_on, c.status,
       c.sms_consent, c.call_consent, c.manager_id, c.org_unit_id, c.created_at, c.updated_at
from customers.customer c;
