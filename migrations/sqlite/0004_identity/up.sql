-- People with the app.
CREATE TABLE citizen (
    id BLOB NOT NULL PRIMARY KEY,
    phone TEXT NOT NULL UNIQUE,
    display_name TEXT,
    created_at INTEGER NOT NULL
) STRICT;

-- The one-time password of a phone: one at a time, the newest.
CREATE TABLE otp_challenge (
    phone TEXT NOT NULL PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    code BLOB NOT NULL,
    requested_at INTEGER NOT NULL,
    streak INTEGER NOT NULL,
    tries INTEGER NOT NULL
) STRICT;
CREATE INDEX otp_challenge_requested_at ON otp_challenge (requested_at);

-- People who work for the province.
CREATE TABLE staff_member (
    id BLOB NOT NULL PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    agency TEXT NOT NULL,
    password TEXT NOT NULL,
    disabled INTEGER NOT NULL,
    demo INTEGER NOT NULL
) STRICT;

-- Where somebody is signed in. A session that ended is removed.
CREATE TABLE session (
    id BLOB NOT NULL PRIMARY KEY,
    citizen BLOB REFERENCES citizen (id) ON DELETE CASCADE,
    staff BLOB REFERENCES staff_member (id) ON DELETE CASCADE,
    device TEXT,
    started_at INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    CHECK ((citizen IS NULL) <> (staff IS NULL))
) STRICT;
CREATE INDEX session_citizen ON session (citizen) WHERE citizen IS NOT NULL;
CREATE INDEX session_staff ON session (staff) WHERE staff IS NOT NULL;

-- The tokens a session was and is refreshed by, as keyed digests. Used ones stay for a while, so
-- that a second use is known for what it is.
CREATE TABLE refresh_token (
    digest BLOB NOT NULL PRIMARY KEY,
    session BLOB NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    used_at INTEGER
) STRICT;
CREATE INDEX refresh_token_session ON refresh_token (session);

-- The keys of the service, sealed under the master key.
CREATE TABLE "key" (
    id BLOB NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    state TEXT NOT NULL,
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX key_active ON "key" (purpose) WHERE state = 'active';
