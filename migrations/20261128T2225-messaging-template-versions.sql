-- Every wording a template has had, for whoever keeps what was said of one (CAR-5).
create view messaging.v_template_version as select template_id, version, signature, body, approved_at from messaging.template_version;
