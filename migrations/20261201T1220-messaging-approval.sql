-- Above how many recipients the client approves too, where it does at all; null: above as many as a second person does.
alter table messaging.blast_rule add column client_above integer check (client_above >= 0);

-- A second person's word before a blast starts, and the client's: who asked, when and why, who said what.
create table messaging.blast_approval (
  id bigint generated always as identity primary key,
  blast_id bigint not null references messaging.blast,
  -- second: somebody of the house beside the one who asks; client: the client's own people
  kind text not null check (kind in ('second', 'client')),
  -- what was asked for, see BlastContentQueries: another wording or audience needs another word
  content text not null,
  people integer not null,
  note text not null default '',
  state text not null default 'asked' check (state in ('asked', 'approved', 'refused', 'superseded')),
  asked_by bigint not null references staff.app_user,
  asked_at timestamptz not null,
  decided_by bigint references staff.app_user,
  decided_at timestamptz,
  reason text,
  check (decided_by is distinct from asked_by),
  check ((decided_at is not null) = (state in ('approved', 'refused'))),
  check (state <> 'refused' or reason <> '')
);
create unique index blast_approval_waiting on messaging.blast_approval (blast_id, kind) where state = 'asked';
create index blast_approval_blast on messaging.blast_approval (blast_id, id desc);
