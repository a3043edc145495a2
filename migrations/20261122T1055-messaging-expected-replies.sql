-- What a message asks its reader to answer (Y/N, 1 to 5): such an answer wins over a single stop letter, never over the stop words (GOV-2).
alter table messaging.template_version add column expected_replies text[] not null default '{}';
-- the declared one, as it was declared
alter table messaging.reply add column expected text;
