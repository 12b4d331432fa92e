-- The history of the catalogue of procedures. An edition is what an import made of the one before;
-- it has no number until it is in force, and is swept where that never happens.
CREATE TABLE catalogue_edition (
    id uuid NOT NULL PRIMARY KEY,
    state text NOT NULL,
    number bigint UNIQUE,
    digest text NOT NULL,
    made_at timestamptz NOT NULL
);

-- What an edition brought: versions of procedures. One without content is a tombstone.
CREATE TABLE procedure_version (
    edition uuid NOT NULL REFERENCES catalogue_edition (id),
    code text NOT NULL,
    number bigint NOT NULL,
    digest text,
    content text,
    PRIMARY KEY (edition, code)
);
CREATE INDEX procedure_version_code ON procedure_version (code);
