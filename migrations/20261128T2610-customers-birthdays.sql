-- Whoever uses the card a customer is reached on, where their birthday is known (CAR-4).
create view customers.v_user_birthday as
select l.customer_id, l.id as line_id, l.user_birth_calendar as calendar, l.user_birth_month as month, l.user_birth_day as day
from customers.line l
where l.user_birth_month is not null and l.user_birth_day is not null
  and l.id = (select k.line_id from customers.v_contact_line k where k.customer_id = l.customer_id);

-- Whom a customer's number is wished a happy birthday: the user of the card, else its owner. One person each, however many cards.
create view customers.v_birthday as
select c.id as customer_id, u.customer_id is not null as of_user,
       case when u.customer_id is null then c.birth_calendar else u.calendar end as calendar,
       case when u.customer_id is null then c.birth_month else u.month end as month,
       case when u.customer_id is null then c.birth_day else u.day end as day
from customers.customer c left join customers.v_user_birthday u on u.customer_id = c.id;
