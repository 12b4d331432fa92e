-- Who did what. Only ever added to; position, link and the digest of what is personal come when an
-- entry is sealed, a moment after its commit.
CREATE TABLE audit_entry (
    id BLOB NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    actor BLOB,
    role TEXT,
    agency TEXT,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    personal TEXT,
    position INTEGER UNIQUE,
    link BLOB,
    personal_digest BLOB
) STRICT;
CREATE INDEX audit_entry_unsealed ON audit_entry (at, id) WHERE position IS NULL;
CREATE INDEX audit_entry_time ON audit_entry (at, id);
CREATE INDEX audit_entry_subject ON audit_entry (subject, at);
CREATE INDEX audit_entry_actor ON audit_entry (actor, at);

-- Where the chain of sealed entries begins and ends: one row, or none before the first entry.
CREATE TABLE audit_chain (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    start_position INTEGER NOT NULL,
    start_link BLOB NOT NULL,
    start_seal BLOB NOT NULL,
    head_position INTEGER NOT NULL,
    head_link BLOB NOT NULL,
    head_seal BLOB NOT NULL,
    anchored TEXT
) STRICT;

-- Where the chain stood at the end of each day.
CREATE TABLE audit_anchor (
    day TEXT NOT NULL PRIMARY KEY,
    position INTEGER NOT NULL,
    link BLOB NOT NULL
) STRICT;
