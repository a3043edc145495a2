-- Which numbers may not be contacted, for pages that show a number and may not import the gate.
create view reporting.block as
select number, channel, scope, until from contact.block where lifted_at is null;
