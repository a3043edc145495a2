-- A list has a limit for the first dial and one for its completion (CAM-4); both are counted by the clock, or in calling hours of working days.
alter table campaigns.campaign add column completion_hours integer check (completion_hours between 1 and 8760);
alter table campaigns.campaign add column limit_hours text not null default 'clock' check (limit_hours in ('clock', 'working'));

create or replace view campaigns.v_campaign as
select id, code, name, kind, state, starts_on, ends_on, standing, segment_id, script, max_attempts, min_gap_minutes, first_dial_hours,
       assignment, band_lower, band_upper, band_min_attempts, holdout_percent, call_window, caller_number, product_family,
       org_unit_id, created_by, launched_at, completion_hours, limit_hours,
       (select max(t.at) from campaigns.transition t where t.campaign_id = campaign.id and t.to_state = 'running') as running_since
from campaigns.campaign;

-- Since when a task is with whom it is with; null: since it was made.
alter table calls.task add column given_at timestamptz;
create index task_undialled on calls.task (campaign_id, (coalesce(given_at, created_at))) where state = 'open' and attempts = 0 and callback_at is null;
create index task_pool on calls.task (campaign_id, id) where state = 'recycled';

-- The line of a task that was not dialled in time: to somebody else, or to nobody, which is the pool.
alter table calls.assignment add column recycled boolean not null default false;
create index assignment_recycled on calls.assignment (task_id) where recycled;

-- Whatever moves a task writes its line: the line says since when.
create function calls.task_given() returns trigger language plpgsql as $$
begin
  if exists (select from new_lines where to_owner is distinct from from_owner) then
    update calls.task t set given_at = n.at
    from (select task_id, max(at) as at from new_lines where to_owner is distinct from from_owner group by task_id) n where t.id = n.task_id;
  end if;
  return null;
end $$;
create trigger assignment_gives after insert on calls.assignment referencing new table as new_lines for each statement execute function calls.task_given();
