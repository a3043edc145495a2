-- A visit at home or at the counter, or coming to an event, may keep the promise of a revisit (CAR-10).
alter table care.due add column done_by_event bigint references care.event;
create index due_event on care.due (done_by_event) where done_by_event is not null;
