-- What was uploaded: photos, videos and sounds, from their first byte on. The bytes themselves are
-- files, all of one under its id.
CREATE TABLE media (
    id BLOB NOT NULL PRIMARY KEY,
    citizen BLOB,
    staff BLOB,
    counted_as BLOB,
    state TEXT NOT NULL,
    length INTEGER,
    received INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    format TEXT,
    width INTEGER,
    height INTEGER,
    taken_at INTEGER,
    lat REAL,
    lon REAL,
    sha256 BLOB,
    clean INTEGER NOT NULL,
    flaw TEXT,
    subject_kind TEXT,
    subject BLOB,
    stage TEXT NOT NULL,
    linked_at INTEGER,
    moderation TEXT NOT NULL
) STRICT;
CREATE INDEX media_subject ON media (subject, linked_at) WHERE subject IS NOT NULL;
CREATE INDEX media_citizen ON media (citizen, created_at) WHERE citizen IS NOT NULL;
CREATE INDEX media_counted ON media (counted_as) WHERE counted_as IS NOT NULL;
CREATE INDEX media_due ON media (state, expires_at) WHERE expires_at IS NOT NULL;

-- The files that hold what has arrived of something, until all of it has.
CREATE TABLE media_part (
    media BLOB NOT NULL,
    start INTEGER NOT NULL,
    length INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (media, start)
) STRICT, WITHOUT ROWID;
