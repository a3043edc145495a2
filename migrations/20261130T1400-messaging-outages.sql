-- A gateway over which nothing could be sent rests for a while, longer each time in a row; null while it answers.
alter table messaging.gateway
  add column down_until timestamptz,
  -- when it began, and why, in the gateway's own words
  add column down_since timestamptz,
  add column down_code text,
  add column failures integer not null default 0;

-- Where a blast goes when its own gateway is down, in this order; only what was certainly not taken goes another way.
alter table messaging.blast add column fallback_codes text[] not null default '{}';
