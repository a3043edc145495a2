-- Signs of a source that is switched off are noted and open no case.
alter table retention.sign drop constraint sign_became_check;
alter table retention.sign add constraint sign_became_check
  check (became in ('opened', 'joined', 'porting', 'churned', 'off', 'stale', 'quiet', 'left_alone'));
