-- What a person made of an answer that no rule understood (R21): who, when and what; forwarded ones stay with the manager until she has seen them.
alter table messaging.reply add column decision text check (decision in ('opt_out', 'kept', 'order', 'forwarded'));
alter table messaging.reply add column decided_by bigint references staff.app_user;
alter table messaging.reply add column decided_at timestamptz;
alter table messaging.reply add column forwarded_to bigint references staff.app_user;
alter table messaging.reply add column seen_at timestamptz;
alter table messaging.reply add constraint reply_decided check ((decision is null) = (decided_at is null) and (decision is null) = (decided_by is null));
create index reply_open on messaging.reply (id) where meaning = 'unclear' and decision is null;
create index reply_forwarded on messaging.reply (forwarded_to) where forwarded_to is not null and seen_at is null;
create index reply_decision on messaging.reply (decided_at) where decided_at is not null;
