-- Sign-ins by OpenID Connect on their way through the browser.
CREATE TABLE oidc_flow (
    state BLOB NOT NULL PRIMARY KEY,
    app_challenge TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX oidc_flow_expires_at ON oidc_flow (expires_at);

-- Who lies ready for an app to be fetched.
CREATE TABLE oidc_hand_over (
    id BLOB NOT NULL PRIMARY KEY,
    code BLOB NOT NULL UNIQUE,
    app_challenge TEXT NOT NULL,
    identity BLOB NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX oidc_hand_over_expires_at ON oidc_hand_over (expires_at);

-- Which identity opens whose account.
CREATE TABLE citizen_identity (
    id BLOB NOT NULL PRIMARY KEY,
    subject BLOB NOT NULL UNIQUE,
    citizen BLOB NOT NULL REFERENCES citizen (id) ON DELETE CASCADE,
    identity BLOB NOT NULL,
    linked_at INTEGER NOT NULL
) STRICT;
CREATE INDEX citizen_identity_citizen ON citizen_identity (citizen);
