-- After an application to port out only service calls go out: a state of its own beside those in which only marketing rests (RET-1, GOV-7).
alter table contact.protection drop constraint protection_kind_check;
alter table contact.protection add constraint protection_kind_check check (kind in ('complaint', 'fault', 'retention', 'arrears', 'abroad', 'porting'));

create view contact.v_protection as select customer_id, kind, ref, since, until from contact.protection where released_at is null;
