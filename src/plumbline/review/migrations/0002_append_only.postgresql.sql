-- History cannot be rewritten: the database itself refuses.
CREATE FUNCTION plumbline_append_only() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN RAISE EXCEPTION ''append only''; END';
CREATE TRIGGER judgement_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON judgement
  FOR EACH STATEMENT EXECUTE FUNCTION plumbline_append_only();
CREATE TRIGGER settlement_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON settlement
  FOR EACH STATEMENT EXECUTE FUNCTION plumbline_append_only();
CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION plumbline_append_only();
