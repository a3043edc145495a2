-- What failed stays failed: that nobody confirmed it within the hours any more is no news of it.
create or replace function calls.order_state(told text, confirmation text) returns text language sql immutable as $$
  select case when confirmation = 'declined' or told = 'failed' then 'failed'
              when confirmation = 'expired' then 'expired'
              when confirmation = 'waiting' then 'open'
              else coalesce(told, 'open') end
$$;
