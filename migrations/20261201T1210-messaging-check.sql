-- What a wording comes to on a whole audience, counted on the text of each: before a blast starts, or for a template on a segment.
create table messaging.audience_check (
  id bigint generated always as identity primary key,
  blast_id bigint references messaging.blast,
  template_id bigint references messaging.template,
  segment_id bigint references segments.segment,
  -- whose customers of the segment are looked at, for a template
  scope_path text,
  -- what was looked at: another wording or audience needs another look
  content text not null,
  -- { "signature", "body", "optOut", "purpose", "forbidden" } as it was rendered
  wording jsonb not null,
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed')),
  looked integer not null default 0,
  total integer,
  figures jsonb,
  -- why it could not be made: { "code", "params" }
  fault jsonb,
  asked_by bigint references staff.app_user,
  asked_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  check ((blast_id is null) <> (template_id is null)),
  check ((state = 'done') = (figures is not null))
);
create index audience_check_blast on messaging.audience_check (blast_id, id desc) where blast_id is not null;
create index audience_check_template on messaging.audience_check (template_id, segment_id, id desc) where template_id is not null;
