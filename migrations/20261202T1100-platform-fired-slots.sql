-- How long a slot is remembered is machine time: a Clock that ran days ahead and was set back would find today's slots forgotten, and fire them again.
alter table platform.schedule_run add column fired_at timestamptz not null default now();
