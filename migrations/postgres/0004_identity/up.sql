-- People with the app.
CREATE TABLE citizen (
    id uuid NOT NULL PRIMARY KEY,
    phone text NOT NULL UNIQUE,
    display_name text,
    created_at timestamptz NOT NULL
);

-- The one-time password of a phone: one at a time, the newest.
CREATE TABLE otp_challenge (
    phone text NOT NULL PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    code bytea NOT NULL,
    requested_at timestamptz NOT NULL,
    streak integer NOT NULL,
    tries integer NOT NULL
);
CREATE INDEX otp_challenge_requested_at ON otp_challenge (requested_at);

-- People who work for the province.
CREATE TABLE staff_member (
    id uuid NOT NULL PRIMARY KEY,
    username text NOT NULL UNIQUE,
    role text NOT NULL,
    agency text NOT NULL,
    password text NOT NULL,
    disabled boolean NOT NULL,
    demo boolean NOT NULL
);

-- Where somebody is signed in. A session that ended is removed.
CREATE TABLE session (
    id uuid NOT NULL PRIMARY KEY,
    citizen uuid REFERENCES citizen (id) ON DELETE CASCADE,
    staff uuid REFERENCES staff_member (id) ON DELETE CASCADE,
    device text,
    started_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CHECK ((citizen IS NULL) <> (staff IS NULL))
);
CREATE INDEX session_citizen ON session (citizen) WHERE citizen IS NOT NULL;
CREATE INDEX session_staff ON session (staff) WHERE staff IS NOT NULL;

-- The tokens a session was and is refreshed by, as keyed digests. Used ones stay for a while, so
-- that a second use is known for what it is.
CREATE TABLE refresh_token (
    digest bytea NOT NULL PRIMARY KEY,
    session uuid NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    used_at timestamptz
);
CREATE INDEX refresh_token_session ON refresh_token (session);

-- The keys of the service, sealed under the master key.
CREATE TABLE "key" (
    id uuid NOT NULL PRIMARY KEY,
    purpose text NOT NULL,
    state text NOT NULL,
    sealed bytea NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX key_active ON "key" (purpose) WHERE state = 'active';
