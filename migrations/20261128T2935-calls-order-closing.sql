-- An order that no file answers is closed by hand, with its reason and by whom; a file that comes later still rules.
alter table calls.sales_order
  add column close_reason text,
  add column closed_by bigint references staff.app_user,
  add column closed_at timestamptz;
create index sales_order_opened on calls.sales_order (opened_at desc, id desc);
