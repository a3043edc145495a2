-- Outcomes and their reasons can be taken off the desk; calls that have them keep them. `version` tells two administrators apart who change the same one.
alter table calls.outcome add column retired_at timestamptz, add column version integer not null default 1;
alter table calls.outcome_reason add column retired_at timestamptz, add column version integer not null default 1;
-- a key is taken only by an outcome that the desk offers
alter table calls.outcome drop constraint outcome_key_key;
create unique index outcome_offered_key on calls.outcome (key) where retired_at is null;
