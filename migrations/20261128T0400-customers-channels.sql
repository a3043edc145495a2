-- QQ and Weibo are channels like WeCom: what is written there stands in the same ledger and the same timeline (CUS-4).
alter table contact.touch drop constraint touch_channel_check;
alter table contact.touch add constraint touch_channel_check
  check (channel in ('call', 'sms', 'wecom', 'qq', 'weibo', 'visit', 'inbound'));
alter table calls.attempt drop constraint attempt_channel_check;
alter table calls.attempt add constraint attempt_channel_check
  check (channel in ('call', 'wecom', 'qq', 'weibo', 'visit', 'inbound'));

-- the timeline of one customer
create index reply_customer on messaging.reply (customer_id, received_at) where customer_id is not null;
