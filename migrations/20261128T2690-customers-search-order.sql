-- What a search finds by the first two letters, or by the last four digits, in the order of its page: it reads a page, not all that match.
drop index customers.customer_initials;
create index customer_initials on customers.customer (left(name_initials, 2) text_pattern_ops, id, name_initials text_pattern_ops);

drop index customers.line_last_four;
create index line_last_four on customers.line (right(number, 4), customer_id);
