-- Signatures and templates as they are filed with the networks (报备): what is not filed there, or not any more, they refuse.
-- The registry of signatures holds once it has an entry, that of templates for each gateway that has one.
create table messaging.filed_signature (
  id bigint generated always as identity primary key,
  signature text not null check (signature <> ''),
  -- null: every gateway
  gateway_code text references messaging.gateway,
  filing_no text not null default '',
  valid_from date,
  -- the last day on which it may be used; null: it does not expire
  expires_on date,
  added_by bigint not null references staff.app_user,
  added_at timestamptz not null,
  removed_by bigint references staff.app_user,
  removed_at timestamptz,
  check (expires_on >= valid_from)
);
create unique index filed_signature_once on messaging.filed_signature (signature, coalesce(gateway_code, '')) where removed_at is null;

create table messaging.filed_template (
  id bigint generated always as identity primary key,
  template_id bigint not null references messaging.template,
  -- the wording that was filed: another version is another text
  version integer not null,
  gateway_code text not null references messaging.gateway,
  filing_no text not null default '',
  valid_from date,
  expires_on date,
  added_by bigint not null references staff.app_user,
  added_at timestamptz not null,
  removed_by bigint references staff.app_user,
  removed_at timestamptz,
  foreign key (template_id, version) references messaging.template_version,
  check (expires_on >= valid_from)
);
create unique index filed_template_once on messaging.filed_template (template_id, gateway_code) where removed_at is null;
