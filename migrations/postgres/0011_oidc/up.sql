-- Sign-ins by OpenID Connect on their way through the browser.
CREATE TABLE oidc_flow (
    state bytea NOT NULL PRIMARY KEY,
    app_challenge text NOT NULL,
    redirect_uri text NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX oidc_flow_expires_at ON oidc_flow (expires_at);

-- Who lies ready for an app to be fetched.
CREATE TABLE oidc_hand_over (
    id uuid NOT NULL PRIMARY KEY,
    code bytea NOT NULL UNIQUE,
    app_challenge text NOT NULL,
    identity bytea NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX oidc_hand_over_expires_at ON oidc_hand_over (expires_at);

-- Which identity opens whose account.
CREATE TABLE citizen_identity (
    id uuid NOT NULL PRIMARY KEY,
    subject bytea NOT NULL UNIQUE,
    citizen uuid NOT NULL REFERENCES citizen (id) ON DELETE CASCADE,
    identity bytea NOT NULL,
    linked_at timestamptz NOT NULL
);
CREATE INDEX citizen_identity_citizen ON citizen_identity (citizen);
