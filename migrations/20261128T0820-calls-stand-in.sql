-- A task that went to whom stands in for somebody away, and one that came back: both name the absence.
alter table calls.assignment add column absence_id bigint references calendar.absence;
alter table calls.assignment add column back boolean not null default false check (not back or absence_id is not null);
create index assignment_absence on calls.assignment (absence_id) where absence_id is not null;
