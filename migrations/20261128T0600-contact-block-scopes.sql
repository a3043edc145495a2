-- A customer may want nothing of one product line or of one campaign and keep the rest (R22). Campaigns lie above the gate: ids only, no foreign key.
alter table contact.block drop constraint block_scope_check;
alter table contact.block
  add column product_family text,
  add column campaign_id bigint,
  add constraint block_scope_check check (scope in ('all', 'marketing', 'product', 'campaign')),
  add constraint block_family_check check ((scope = 'product') = (product_family is not null)),
  add constraint block_campaign_check check ((scope = 'campaign') = (campaign_id is not null));

drop index contact.block_number;
create unique index block_number on contact.block (number, channel, scope, product_family, campaign_id) nulls not distinct where lifted_at is null;

create or replace view contact.v_block as
select number, channel, scope, reason, source, until, product_family, campaign_id from contact.block where lifted_at is null;
