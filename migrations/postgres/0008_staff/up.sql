-- Grows with each change of what somebody is or how they prove it: what was proven by an earlier
-- version means nothing.
ALTER TABLE staff_member ADD COLUMN version bigint NOT NULL DEFAULT 1;

-- The sessions of staff that ended lately are read when a process starts.
CREATE INDEX event_session_ended ON event (at) WHERE kind = 'session.ended';

-- Tries to sign in as staff that failed, or are not over yet, by keyed digests of the name that was
-- typed and of where it came from.
CREATE TABLE login_tries (
    account bytea NOT NULL,
    source bytea NOT NULL,
    failures integer NOT NULL,
    last_at timestamptz NOT NULL,
    succeeded_at timestamptz,
    PRIMARY KEY (account, source)
);
CREATE INDEX login_tries_last_at ON login_tries (last_at);

-- Authenticator apps. Secrets are sealed; a pending one waits for its first code.
CREATE TABLE staff_totp (
    staff uuid NOT NULL PRIMARY KEY REFERENCES staff_member (id) ON DELETE CASCADE,
    secret bytea,
    pending bytea,
    last_step bigint NOT NULL
);

-- Codes that stand in for a lost app, as keyed digests. A used one is removed.
CREATE TABLE recovery_code (
    digest bytea NOT NULL PRIMARY KEY,
    staff uuid NOT NULL REFERENCES staff_member (id) ON DELETE CASCADE
);
CREATE INDEX recovery_code_staff ON recovery_code (staff);

-- Invitations that were not accepted yet: one for each person, as keyed digests of their tokens.
CREATE TABLE staff_invitation (
    staff uuid NOT NULL PRIMARY KEY REFERENCES staff_member (id) ON DELETE CASCADE,
    token bytea NOT NULL UNIQUE,
    expires_at timestamptz NOT NULL
);

-- Agencies that were added, and shipped ones that were changed. The area is a star for the whole
-- province, or codes of communes with spaces between.
CREATE TABLE agency (
    code text NOT NULL PRIMARY KEY,
    parent text,
    name text NOT NULL,
    kind text NOT NULL,
    phone text,
    area text NOT NULL,
    version bigint NOT NULL
);
