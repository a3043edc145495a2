-- A blast to those of an earlier one who failed for reasons that may be gone (R8). One at a time is being made ready.
alter table messaging.blast add column retry_of bigint references messaging.blast;
create unique index blast_retry_draft on messaging.blast (retry_of) where state = 'draft' and retry_of is not null;
create index blast_retry on messaging.blast (retry_of) where retry_of is not null;

-- Where a gateway's messages go while it is down or switched off, in this order, unless a blast names others.
alter table messaging.gateway add column fallback_codes text[] not null default '{}';
