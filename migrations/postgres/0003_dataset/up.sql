-- Versions of the open data the service works on. A version is loaded in chunks, becomes visible
-- by one switch, and is swept in chunks once another has taken its place.
CREATE TABLE dataset_version (
    id uuid NOT NULL PRIMARY KEY,
    dataset text NOT NULL,
    state text NOT NULL,
    source text NOT NULL,
    digest text NOT NULL,
    records bigint NOT NULL,
    imported_at timestamptz NOT NULL,
    touched_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX dataset_version_active ON dataset_version (dataset) WHERE state = 'active';

CREATE TABLE dataset_row (
    version uuid NOT NULL REFERENCES dataset_version (id),
    number bigint NOT NULL,
    content text NOT NULL,
    PRIMARY KEY (version, number)
);
