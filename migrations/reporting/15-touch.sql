-- What other pages may know of a touch without importing the gate: contacts that were refused, and those other systems reported.
create view reporting.touch as
select t.id as touch_id, t.customer_id, t.number, t.at, t.channel, t.purpose, t.allowed, t.state, t.reasons, t.campaign_id, t.source,
       u.name as actor_name
from contact.touch t
left join staff.v_user u on u.id = t.actor_id;
