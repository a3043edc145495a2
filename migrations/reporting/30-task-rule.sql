-- Which care rules a task answers to: several reasons of one customer point to one task.
create view reporting.task_rule as
select task_id, rule_code from care.due where task_id is not null;
