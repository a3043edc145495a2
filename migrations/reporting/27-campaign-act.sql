-- What people did to a campaign whose calls do not connect: who acted on a breach is read from here, so that nobody has to say it twice.
create view reporting.campaign_act as
select r.campaign_id, 'redial' as act, r.at, u.name as by_name, r.tasks as things from calls.redial_list r join staff.app_user u on u.id = r.by_user
union all
select t.campaign_id, 'pause', t.at, u.name, null from campaigns.transition t join staff.app_user u on u.id = t.by_user where t.to_state = 'paused'
union all
select c.id, 'return_numbers', e.requested_at, u.name, e.rows
from exports.export e
join campaigns.campaign c on c.code = e.filter ->> 'campaign'
join staff.app_user u on u.id = e.requested_by
where e.what = 'provider-returns' and e.state not in ('refused', 'withdrawn', 'failed');
