-- What is still asked of messages when their month has become a file.

-- The blasts that sent in it, and what they had brought: cost, latency, opt-outs and the like are counted from messages.
create table messaging.archived_blast (
  blast_id bigint not null references messaging.blast on delete cascade,
  month date not null,
  outcome jsonb not null,
  -- of its last message: orders count until some days after it
  last_at timestamptz,
  primary key (blast_id, month)
);

-- Tasks of which a message was delivered (CAR-1: tried as often as asked, and a message left instead).
create table messaging.texted_task (
  task_id bigint primary key
);
