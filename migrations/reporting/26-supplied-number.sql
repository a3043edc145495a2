-- What became of the numbers a list brought: one row a call, with the segment and the import the number came by. `fault` is what a provider answers for.
create view reporting.supplied_dial as
select a.id as attempt_id, a.campaign_id, a.customer_id, a.line_id, a.started_at, l.number, p.code as campaign_code, p.name as campaign_name,
       coalesce(a.list_source, '') as segment, s.name as segment_name, m.import_id, i.file_name as import_name, i.created_at as imported_at,
       o.connected, o.converted,
       case when o.line_health = 'invalid' then 'invalid_number' when o.line_health = 'suspended' then 'suspended'
            when a.outcome = 'wrong_person' then 'wrong_person' end as fault,
       a.manager_id, u.org_path
from calls.attempt a
join calls.outcome o on o.code = a.outcome
left join customers.line l on l.id = a.line_id
join campaigns.campaign p on p.id = a.campaign_id
join staff.v_user u on u.id = a.manager_id
left join segments.segment s on s.code = a.list_source
left join segments.member m on m.segment_id = s.id and m.line_id = a.line_id
left join feeds.import i on i.id = m.import_id
where a.channel = 'call';

-- The numbers themselves, dialled or not, and which of them another line of the same customer made superfluous at a launch.
create view reporting.supplied_number as
select m.segment_id, s.code as segment, s.name as segment_name, m.line_id, l.number, m.customer_id, m.import_id, c.code as campaign_code, o.path as org_path,
       a.excluded is not distinct from 'duplicate' as duplicate
from segments.member m
join segments.segment s on s.id = m.segment_id
join customers.customer k on k.id = m.customer_id
left join customers.line l on l.id = m.line_id
join staff.org_unit o on o.id = k.org_unit_id
left join campaigns.campaign c on c.segment_id = m.segment_id
left join campaigns.audience a on a.campaign_id = c.id and a.line_id = m.line_id;
