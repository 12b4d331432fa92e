-- What dispatchers do with calls: merging, notes, and which calls may be about the same thing.
ALTER TABLE emergency ADD COLUMN before_merge TEXT;

-- What dispatchers write for each other. Only ever added to.
CREATE TABLE emergency_note (
    id BLOB NOT NULL PRIMARY KEY,
    emergency_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    staff BLOB NOT NULL,
    username TEXT NOT NULL,
    about TEXT,
    text BLOB NOT NULL
) STRICT;
CREATE INDEX emergency_note_time ON emergency_note (emergency_id, at, id);

-- By what calls like one another are found, for as long as another can be about the same time. The
-- calls themselves carry no such index, so that they stay cheap to write.
CREATE TABLE emergency_trace (
    emergency_id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    lat REAL,
    lon REAL,
    phone_digest BLOB
) STRICT;
CREATE INDEX emergency_trace_place ON emergency_trace (lat, lon) WHERE lat IS NOT NULL;
CREATE INDEX emergency_trace_phone ON emergency_trace (phone_digest) WHERE phone_digest IS NOT NULL;
CREATE INDEX emergency_trace_time ON emergency_trace (received_at);

-- Calls that may be about the same thing: each pair in both directions.
CREATE TABLE emergency_link (
    emergency_id BLOB NOT NULL,
    other_id BLOB NOT NULL,
    PRIMARY KEY (emergency_id, other_id)
) STRICT, WITHOUT ROWID;
