-- Passwords of gateways and the keys that sign what they call back, encrypted with the key of personal data.
alter table messaging.gateway
  add column sealed bytea,
  add column seal_key_id text,
  add constraint gateway_sealed check ((sealed is null) = (seal_key_id is null));
