-- What happened. The writer stamps positions before it commits; one that is missing was not seen
-- by anybody yet.
CREATE TABLE event (
    id BLOB NOT NULL PRIMARY KEY,
    position INTEGER UNIQUE,
    topic TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject BLOB NOT NULL,
    agency TEXT,
    at INTEGER NOT NULL,
    data TEXT NOT NULL
) STRICT;
CREATE INDEX event_unstamped ON event (id) WHERE position IS NULL;
CREATE INDEX event_subject ON event (subject, topic);

-- The last position given out: it must not fall back when old events are removed.
CREATE TABLE event_position (
    last INTEGER NOT NULL
) STRICT;
INSERT INTO event_position (last) VALUES (0);
