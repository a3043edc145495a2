-- What is noted by hand (cold, heat, member day), the weekend and the customer's own birthday end a call too (CAR-5).
alter table care.closing_line drop constraint closing_line_kind_check;
alter table care.closing_line add constraint closing_line_kind_check
  check (kind in ('day', 'birthday', 'festival', 'solar_term', 'cold', 'heat', 'member_day', 'weekend', 'weekend_eve', 'default'));

-- 新春 is Spring Festival as well, and its wishes are the province's (GOV-6).
update care.closing_line set text_zh = '今天立春，万象更新，祝您春天有个好的开始，再见！'
where kind = 'solar_term' and value = '立春' and text_zh = '今天立春，万象更新，祝您新春有好的开始，再见！';
