-- Dossiers as their sources told them last. Whose they are is kept as keyed digests alone; what
-- offices write about them is sealed.
CREATE TABLE dossier (
    id uuid NOT NULL PRIMARY KEY,
    code text NOT NULL UNIQUE,
    story bytea NOT NULL,
    phone_digest bytea,
    phone_last4 bytea,
    national_id_last4 bytea,
    tax_code bytea,
    is_final boolean NOT NULL,
    heard_at timestamptz NOT NULL,
    asked_at timestamptz
);
CREATE INDEX dossier_unheard ON dossier (heard_at) WHERE NOT is_final;

CREATE TABLE dossier_follower (
    dossier uuid NOT NULL REFERENCES dossier (id) ON DELETE CASCADE,
    citizen uuid NOT NULL REFERENCES citizen (id) ON DELETE CASCADE,
    since timestamptz NOT NULL,
    PRIMARY KEY (dossier, citizen)
);
CREATE INDEX dossier_follower_citizen ON dossier_follower (citizen, since);

-- The systems that tell of dossiers; what proves one is kept as a keyed digest.
CREATE TABLE dossier_source (
    id uuid NOT NULL PRIMARY KEY,
    name text NOT NULL UNIQUE,
    prefix text NOT NULL UNIQUE,
    secret bytea NOT NULL,
    admitted_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
