-- The few rows that were given up: counted for the frame of each of an administrator's pages, and listed.
create index outbox_dead on platform.outbox (dead_at, id) where dead_at is not null;
