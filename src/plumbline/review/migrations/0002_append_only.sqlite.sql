-- History cannot be rewritten: the database itself refuses.
CREATE TRIGGER judgement_kept BEFORE UPDATE ON judgement BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER judgement_stays BEFORE DELETE ON judgement BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER settlement_kept BEFORE UPDATE ON settlement BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER settlement_stays BEFORE DELETE ON settlement BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER audit_kept BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'append only'); END;
