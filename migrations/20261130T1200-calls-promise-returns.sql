-- Because of whose absence a promise came to who has it now; it goes back with that person (SYS-6, CAM-5).
alter table calls.promise add column absence_id bigint references calendar.absence on delete set null;
create index promise_absence on calls.promise (absence_id) where absence_id is not null;
