-- Which request asked for the work: the log of a job says it, so that a complaint can be followed from the page to what came of it.
alter table platform.outbox add column request_id text;
