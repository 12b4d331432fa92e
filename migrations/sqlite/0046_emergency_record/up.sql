-- How far readers got who keep something of their own of the event log.
CREATE TABLE event_bookmark (
    reader TEXT NOT NULL PRIMARY KEY,
    position INTEGER NOT NULL
) STRICT;

-- What is kept of each emergency beside itself: when it reached which stage, for figures, and what
-- was taken from it since.
CREATE TABLE emergency_record (
    emergency_id BLOB NOT NULL PRIMARY KEY,
    received_at INTEGER NOT NULL,
    status TEXT NOT NULL,
    kind TEXT,
    priority TEXT NOT NULL,
    agency TEXT NOT NULL,
    drill INTEGER NOT NULL,
    claimed_at INTEGER,
    dispatched_at INTEGER,
    en_route_at INTEGER,
    on_scene_at INTEGER,
    ended_at INTEGER,
    disposition TEXT,
    locations_taken_at INTEGER,
    medical_taken_at INTEGER,
    words_taken_at INTEGER
) STRICT;
CREATE INDEX emergency_record_time ON emergency_record (received_at);
CREATE INDEX emergency_record_locations ON emergency_record (ended_at)
    WHERE ended_at IS NOT NULL AND locations_taken_at IS NULL;
CREATE INDEX emergency_record_medical ON emergency_record (ended_at)
    WHERE ended_at IS NOT NULL AND medical_taken_at IS NULL;
CREATE INDEX emergency_record_words ON emergency_record (ended_at)
    WHERE ended_at IS NOT NULL AND words_taken_at IS NULL;
