-- Dossiers as their sources told them last. Whose they are is kept as keyed digests alone; what
-- offices write about them is sealed.
CREATE TABLE dossier (
    id BLOB NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    story BLOB NOT NULL,
    phone_digest BLOB,
    phone_last4 BLOB,
    national_id_last4 BLOB,
    tax_code BLOB,
    is_final INTEGER NOT NULL,
    heard_at INTEGER NOT NULL,
    asked_at INTEGER
) STRICT;
CREATE INDEX dossier_unheard ON dossier (heard_at) WHERE NOT is_final;

CREATE TABLE dossier_follower (
    dossier BLOB NOT NULL REFERENCES dossier (id) ON DELETE CASCADE,
    citizen BLOB NOT NULL REFERENCES citizen (id) ON DELETE CASCADE,
    since INTEGER NOT NULL,
    PRIMARY KEY (dossier, citizen)
) STRICT;
CREATE INDEX dossier_follower_citizen ON dossier_follower (citizen, since);

-- The systems that tell of dossiers; what proves one is kept as a keyed digest.
CREATE TABLE dossier_source (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    prefix TEXT NOT NULL UNIQUE,
    secret BLOB NOT NULL,
    admitted_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
