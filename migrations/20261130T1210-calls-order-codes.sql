-- Which of the questions a number waits to answer: the second one asks for Y2, so that one word answers one order (CAM-9).
alter table calls.sales_order add column confirm_code smallint not null default 1;
