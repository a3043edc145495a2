-- A new wave is a campaign of its own, with its own rules, that takes up customers of the waves before it (R38). `wave_of` is the first wave.
alter table campaigns.campaign add column wave_of bigint references campaigns.campaign;
alter table campaigns.campaign add column wave smallint not null default 1 check (wave between 1 and 20);
-- Which results of the earlier waves it takes.
alter table campaigns.campaign add column wave_take text[] not null default '{}';
-- Most dials of one customer in all waves together.
alter table campaigns.campaign add column most_together smallint check (most_together between 1 and 60);
alter table campaigns.campaign add constraint campaign_wave_place check ((wave_of is null) = (wave = 1));
create unique index campaign_wave on campaigns.campaign (wave_of, wave) where wave_of is not null;

-- Who is left out by the planner: members of segments, and whom a filter means (CAM-2).
alter table campaigns.campaign add column exclude_segment_ids bigint[] not null default '{}';
alter table campaigns.campaign add column exclude_filter jsonb;

create or replace view campaigns.v_campaign as
select id, code, name, kind, state, starts_on, ends_on, standing, segment_id, script, max_attempts, min_gap_minutes, first_dial_hours,
       assignment, band_lower, band_upper, band_min_attempts, holdout_percent, call_window, caller_number, product_family,
       org_unit_id, created_by, launched_at, completion_hours, limit_hours,
       (select max(t.at) from campaigns.transition t where t.campaign_id = campaign.id and t.to_state = 'running') as running_since,
       wave_of, wave, most_together
from campaigns.campaign;

-- Dials in the earlier waves: the limit over all waves counts them too (R38).
alter table calls.task add column earlier_attempts smallint not null default 0;
