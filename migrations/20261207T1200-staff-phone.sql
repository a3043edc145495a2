-- The number a customer can ring somebody at, as it is told them ({{manager.phone}} of a text); without one the staff number is, which the hotline connects.
alter table staff.app_user add column phone text check (phone <> '');

create or replace view staff.v_user as
select u.id, u.username, u.name, u.role, u.org_unit_id, o.path as org_path, o.code as team_code, o.name as team_name,
       u.agent_no, u.daily_capacity, (u.active and not u.technical) as active, u.phone
from staff.app_user u
join staff.org_unit o on o.id = u.org_unit_id;
