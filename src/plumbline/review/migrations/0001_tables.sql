-- Everything the review app keeps. {key} is the dialect's self-numbering key. Times are seconds since 1970.
CREATE TABLE project (
  id {key}, name TEXT NOT NULL UNIQUE, protocol TEXT NOT NULL, sources TEXT NOT NULL, seed TEXT NOT NULL,
  overlap BIGINT NOT NULL, gold_every BIGINT NOT NULL, repeat_every BIGINT NOT NULL, lease_seconds BIGINT NOT NULL,
  items BIGINT NOT NULL DEFAULT 0, golds BIGINT NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'paused')), created_at DOUBLE PRECISION NOT NULL
);
CREATE TABLE account (
  id {key}, name TEXT NOT NULL, login TEXT UNIQUE, password TEXT, language TEXT, created_at DOUBLE PRECISION NOT NULL
);
CREATE TABLE membership (
  project_id BIGINT NOT NULL REFERENCES project (id), account_id BIGINT NOT NULL REFERENCES account (id),
  role TEXT NOT NULL CHECK (role IN ('reviewer', 'coordinator')), active BIGINT NOT NULL DEFAULT 1,
  begun_at DOUBLE PRECISION, wave BIGINT NOT NULL DEFAULT 0,
  done BIGINT NOT NULL DEFAULT 0, checks BIGINT NOT NULL DEFAULT 0, skipped BIGINT NOT NULL DEFAULT 0, finished BIGINT NOT NULL DEFAULT 0,
  seconds DOUBLE PRECISION NOT NULL DEFAULT 0, since_gold BIGINT NOT NULL DEFAULT 0,
  since_repeat BIGINT NOT NULL DEFAULT 0, last_at DOUBLE PRECISION,
  PRIMARY KEY (project_id, account_id)
);
CREATE TABLE invite (
  id {key}, project_id BIGINT NOT NULL REFERENCES project (id), account_id BIGINT NOT NULL REFERENCES account (id),
  token_hash TEXT NOT NULL UNIQUE, created_at DOUBLE PRECISION NOT NULL, expires_at DOUBLE PRECISION NOT NULL,
  revoked_at DOUBLE PRECISION, used BIGINT NOT NULL DEFAULT 0, last_used_at DOUBLE PRECISION
);
CREATE TABLE sign_in (
  id {key}, account_id BIGINT NOT NULL REFERENCES account (id), token_hash TEXT NOT NULL UNIQUE,
  created_at DOUBLE PRECISION NOT NULL, expires_at DOUBLE PRECISION NOT NULL
);
CREATE INDEX sign_in_account ON sign_in (account_id);
CREATE TABLE item (
  id {key}, project_id BIGINT NOT NULL REFERENCES project (id), ref TEXT NOT NULL, ordinal BIGINT NOT NULL,
  wave BIGINT NOT NULL, body TEXT NOT NULL, gold TEXT, needed BIGINT NOT NULL, taken BIGINT NOT NULL DEFAULT 0,
  done BIGINT NOT NULL DEFAULT 0, dispute DOUBLE PRECISION, settled BIGINT NOT NULL DEFAULT 0,
  CHECK (taken >= 0 AND taken <= needed), CHECK (done >= 0 AND done <= taken)
);
CREATE UNIQUE INDEX item_ref ON item (project_id, ref);
CREATE INDEX item_wanting ON item (project_id, wave, taken, ordinal) WHERE taken < needed;
CREATE INDEX item_gold ON item (project_id, ordinal) WHERE gold IS NOT NULL;
CREATE INDEX item_dispute ON item (project_id, dispute) WHERE dispute > 0 AND settled = 0;
CREATE TABLE assignment (
  id {key}, project_id BIGINT NOT NULL REFERENCES project (id), item_id BIGINT NOT NULL REFERENCES item (id),
  account_id BIGINT NOT NULL REFERENCES account (id),
  purpose TEXT NOT NULL CHECK (purpose IN ('normal', 'gold', 'repeat')), slot BIGINT,
  state TEXT NOT NULL CHECK (state IN ('open', 'done', 'skipped', 'expired', 'late')), sides TEXT NOT NULL,
  form_key TEXT NOT NULL UNIQUE, leased_until DOUBLE PRECISION NOT NULL, opened_at DOUBLE PRECISION NOT NULL,
  judgement_id BIGINT, right_answer BIGINT
);
-- Never two reviewers in one of an item's places, whatever the program does.
CREATE UNIQUE INDEX assignment_slot ON assignment (item_id, slot) WHERE slot IS NOT NULL;
CREATE UNIQUE INDEX assignment_once ON assignment (item_id, account_id, purpose);
CREATE INDEX assignment_mine ON assignment (project_id, account_id, state, id);
CREATE INDEX assignment_leases ON assignment (project_id, leased_until) WHERE state = 'open';
CREATE INDEX assignment_checks ON assignment (project_id, account_id, purpose) WHERE purpose <> 'normal';
CREATE TABLE draft (
  assignment_id BIGINT PRIMARY KEY REFERENCES assignment (id), answer TEXT NOT NULL, updated_at DOUBLE PRECISION NOT NULL
);
CREATE TABLE judgement (
  id {key}, project_id BIGINT NOT NULL REFERENCES project (id), item_id BIGINT NOT NULL REFERENCES item (id),
  account_id BIGINT NOT NULL REFERENCES account (id), assignment_id BIGINT NOT NULL REFERENCES assignment (id),
  act TEXT NOT NULL CHECK (act IN ('judge', 'undo', 'skip')), form_key TEXT NOT NULL UNIQUE, answer TEXT,
  seconds DOUBLE PRECISION, created_at DOUBLE PRECISION NOT NULL
);
CREATE INDEX judgement_project ON judgement (project_id, id);
CREATE INDEX judgement_item ON judgement (item_id);
CREATE TABLE settlement (
  id {key}, project_id BIGINT NOT NULL REFERENCES project (id), item_id BIGINT NOT NULL REFERENCES item (id),
  account_id BIGINT NOT NULL REFERENCES account (id), form_key TEXT NOT NULL UNIQUE, answer TEXT NOT NULL,
  created_at DOUBLE PRECISION NOT NULL
);
CREATE INDEX settlement_item ON settlement (project_id, item_id, id);
CREATE TABLE audit (
  id {key}, at DOUBLE PRECISION NOT NULL, account_id BIGINT, project_id BIGINT, action TEXT NOT NULL,
  detail TEXT NOT NULL, address TEXT
);
CREATE INDEX audit_project ON audit (project_id, id);
CREATE TABLE snapshot (
  project_id BIGINT PRIMARY KEY REFERENCES project (id), body TEXT NOT NULL, upto TEXT NOT NULL,
  computed_at DOUBLE PRECISION NOT NULL
);
