-- What a token may be used for, besides what its role allows. contact: only to ask the gate and to report to it (GOV-8). null = everything of its role.
alter table staff.api_token add column scope text check (scope in ('contact'));
