-- A key follows another: both hold until the older one ends, so that a switch may be changed over without losing a call.
alter table calls.cti_key
  -- from then on it is refused; null: no end
  add column ends_at timestamptz,
  add column follows_id bigint references calls.cti_key,
  -- to the minute
  add column last_used_at timestamptz;
