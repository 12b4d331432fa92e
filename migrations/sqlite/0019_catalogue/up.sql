-- The history of the catalogue of procedures. An edition is what an import made of the one before;
-- it has no number until it is in force, and is swept where that never happens.
CREATE TABLE catalogue_edition (
    id BLOB NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    number INTEGER UNIQUE,
    digest TEXT NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;

-- What an edition brought: versions of procedures. One without content is a tombstone.
CREATE TABLE procedure_version (
    edition BLOB NOT NULL REFERENCES catalogue_edition (id),
    code TEXT NOT NULL,
    number INTEGER NOT NULL,
    digest TEXT,
    content TEXT,
    PRIMARY KEY (edition, code)
) STRICT;
CREATE INDEX procedure_version_code ON procedure_version (code);
