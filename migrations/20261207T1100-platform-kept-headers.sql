-- What an answer says beside its body is said again with it.
alter table platform.idempotency add column headers jsonb not null default '{}';
