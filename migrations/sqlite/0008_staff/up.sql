-- Grows with each change of what somebody is or how they prove it: what was proven by an earlier
-- version means nothing.
ALTER TABLE staff_member ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

-- The sessions of staff that ended lately are read when a process starts.
CREATE INDEX event_session_ended ON event (at) WHERE kind = 'session.ended';

-- Tries to sign in as staff that failed, or are not over yet, by keyed digests of the name that was
-- typed and of where it came from.
CREATE TABLE login_tries (
    account BLOB NOT NULL,
    source BLOB NOT NULL,
    failures INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    succeeded_at INTEGER,
    PRIMARY KEY (account, source)
) STRICT;
CREATE INDEX login_tries_last_at ON login_tries (last_at);

-- Authenticator apps. Secrets are sealed; a pending one waits for its first code.
CREATE TABLE staff_totp (
    staff BLOB NOT NULL PRIMARY KEY REFERENCES staff_member (id) ON DELETE CASCADE,
    secret BLOB,
    pending BLOB,
    last_step INTEGER NOT NULL
) STRICT;

-- Codes that stand in for a lost app, as keyed digests. A used one is removed.
CREATE TABLE recovery_code (
    digest BLOB NOT NULL PRIMARY KEY,
    staff BLOB NOT NULL REFERENCES staff_member (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX recovery_code_staff ON recovery_code (staff);

-- Invitations that were not accepted yet: one for each person, as keyed digests of their tokens.
CREATE TABLE staff_invitation (
    staff BLOB NOT NULL PRIMARY KEY REFERENCES staff_member (id) ON DELETE CASCADE,
    token BLOB NOT NULL UNIQUE,
    expires_at INTEGER NOT NULL
) STRICT;

-- Agencies that were added, and shipped ones that were changed. The area is a star for the whole
-- province, or codes of communes with spaces between.
CREATE TABLE agency (
    code TEXT NOT NULL PRIMARY KEY,
    parent TEXT,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    phone TEXT,
    area TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT;
