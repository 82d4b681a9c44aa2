-- Tries to come in, so that several server processes count them together. `key` is a hash.
CREATE TABLE attempt (
  key TEXT PRIMARY KEY, remaining DOUBLE PRECISION NOT NULL, at DOUBLE PRECISION NOT NULL
);
CREATE INDEX attempt_at ON attempt (at);
