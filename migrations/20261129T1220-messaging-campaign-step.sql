-- An SMS before the first dial or after a call (CAM-1): { "when": "before" | "after", "hours", "outcomes": [..], "templates": [{ "code" }, { "code", "percent" }, ..] }.
-- The first template, called A, has what the others leave (CAM-10).
alter table campaigns.campaign add column sms_step jsonb check (jsonb_typeof(sms_step) = 'object');

-- The text a customer gets. Drawn apart from hold-out and script, so that none decides another.
create function campaigns.sms_variant_of(step jsonb, campaign_id bigint, customer_id bigint) returns text language sql immutable parallel safe as $$
  select case when jsonb_array_length(step -> 'templates') < 2 then 'A'
         else chr(65 + width_bucket(campaigns.bucket(campaign_id || '/sms', customer_id), campaigns.variant_bounds((step -> 'templates') - 0))) end
$$;

create or replace view campaigns.v_campaign as
select id, code, name, kind, state, starts_on, ends_on, standing, segment_id, script, max_attempts, min_gap_minutes, first_dial_hours,
       assignment, band_lower, band_upper, band_min_attempts, holdout_percent, call_window, caller_number, product_family,
       org_unit_id, created_by, launched_at, completion_hours, limit_hours,
       (select max(t.at) from campaigns.transition t where t.campaign_id = campaign.id and t.to_state = 'running') as running_since,
       wave_of, wave, most_together, sms_step
from campaigns.campaign;

-- The step of a campaign sends by blasts of its own, one a text.
alter table messaging.blast add column variant text check (variant in ('A', 'B', 'C'));
alter table messaging.blast add constraint blast_variant_campaign check (variant is null or campaign_id is not null);
create unique index blast_step on messaging.blast (campaign_id, variant) where variant is not null;

-- Who gets the text after a call, and when: once in a campaign. A row that was taken stays, so that nobody is taken twice.
create table messaging.step_due (
  campaign_id bigint not null references campaigns.campaign,
  customer_id bigint not null references customers.customer,
  line_id bigint not null references customers.line,
  due_at timestamptz not null,
  taken_at timestamptz,
  primary key (campaign_id, customer_id)
);
create index step_due_waiting on messaging.step_due (due_at) where taken_at is null;
