-- How long a product line rests after a refusal or a success is a setting of the contact rules (GOV-7); an outcome may still name days of its own.
alter table calls.outcome alter column cooling_off_days drop not null;
comment on column calls.outcome.cooling_off_days is '0: none; null: as the contact rules say, after a success where the outcome is one, else after a refusal';
update calls.outcome set cooling_off_days = null where (code, cooling_off_days) in (('refused', 90), ('converted', 30));
