-- A restored system does not know what its original sent since: it starts with nothing going out, until somebody has looked. A restore calls
-- the start_paused of every schema.
create function messaging.start_paused() returns void language sql as $$
  update messaging.gateway set active = false;
  update messaging.blast set state = 'paused' where state = 'running';
$$;
create function reports.start_paused() returns void language sql as $$
  update reports.bulletin set active = false;
$$;
