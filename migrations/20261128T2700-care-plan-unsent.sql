-- Of each rule whose messages a run could not plan: why, which template, how many: {"birthday": {"reason": "gateway_none", "template": "birthday", "count": 12}}.
alter table care.plan_run add column unsent jsonb not null default '{}';
