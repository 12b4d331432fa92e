-- Versions of the open data the service works on. A version is loaded in chunks, becomes visible
-- by one switch, and is swept in chunks once another has taken its place.
CREATE TABLE dataset_version (
    id BLOB NOT NULL PRIMARY KEY,
    dataset TEXT NOT NULL,
    state TEXT NOT NULL,
    source TEXT NOT NULL,
    digest TEXT NOT NULL,
    records INTEGER NOT NULL,
    imported_at INTEGER NOT NULL,
    touched_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX dataset_version_active ON dataset_version (dataset) WHERE state = 'active';

CREATE TABLE dataset_row (
    version BLOB NOT NULL REFERENCES dataset_version (id),
    number INTEGER NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (version, number)
) STRICT;
