-- An attempt is a call that was dialled (glossary): who rang us, wrote or was visited is counted in no funnel and no band.
create or replace view reports.counted_call as
select a.customer_id, u.star_level as star, coalesce(u.city, '') as region, a.campaign_id, date_trunc('hour', a.started_at, 'UTC') as hour, a.manager_id, m.org_path as path,
       coalesce(a.list_source, '') as source,
       case when p.variant_bounds = '{}' then 'A' else campaigns.variant_of(p.variant_bounds, a.campaign_id, a.customer_id) end as variant,
       o.connected, o.effective, o.connected and a.talk_seconds >= 18 as talk18, o.converted, a.ordinal = 1 as first, s.state as order_state,
       coalesce(a.ordinal = 2 and not bool_or(o.connected) filter (where a.ordinal = 1) over task, false) as redialled,
       coalesce(a.ordinal = 2 and not bool_or(o.connected) filter (where a.ordinal = 1) over task and bool_or(o.connected) filter (where a.ordinal > 1) over task, false) as recovered
from calls.attempt a
join calls.outcome o on o.code = a.outcome
join campaigns.campaign p on p.id = a.campaign_id
join customers.customer u on u.id = a.customer_id
join staff.v_user m on m.id = a.manager_id
left join calls.sales_order s on s.attempt_id = a.id
where a.channel = 'call'
window task as (partition by a.customer_id, a.campaign_id, a.task_id);

create or replace function reports.counted_calls(ids uuid[]) returns setof reports.counted_call language sql stable rows 1000 as $$
  select a.customer_id, u.star_level, coalesce(u.city, ''), a.campaign_id, date_trunc('hour', a.started_at, 'UTC'), a.manager_id, m.org_path, coalesce(a.list_source, ''),
         case when p.variant_bounds = '{}' then 'A' else campaigns.variant_of(p.variant_bounds, a.campaign_id, a.customer_id) end,
         o.connected, o.effective, o.connected and a.talk_seconds >= 18, o.converted, a.ordinal = 1, s.state,
         coalesce(a.ordinal = 2 and not bool_or(o.connected) filter (where a.ordinal = 1) over task, false),
         coalesce(a.ordinal = 2 and not bool_or(o.connected) filter (where a.ordinal = 1) over task and bool_or(o.connected) filter (where a.ordinal > 1) over task, false)
  from calls.attempt a
  join calls.outcome o on o.code = a.outcome
  join campaigns.campaign p on p.id = a.campaign_id
  join customers.customer u on u.id = a.customer_id
  join staff.v_user m on m.id = a.manager_id
  left join calls.sales_order s on s.attempt_id = a.id
  where a.id = any (ids) and a.channel = 'call'
  window task as (partition by a.customer_id, a.campaign_id, a.task_id)
$$;

-- Whoever has such contacts is counted anew, as a whole.
insert into reports.customer_change (customer_id) select distinct customer_id from calls.attempt where channel <> 'call';
