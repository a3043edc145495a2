-- What messages have come to is looked for every minute: only among those of the last days that have not arrived.
create index due_unanswered on care.due (due_on) where channel = 'sms' and state in ('open', 'not_reached');
