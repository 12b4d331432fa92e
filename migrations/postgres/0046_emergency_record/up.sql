-- How far readers got who keep something of their own of the event log.
CREATE TABLE event_bookmark (
    reader text NOT NULL PRIMARY KEY,
    position bigint NOT NULL
);

-- What is kept of each emergency beside itself: when it reached which stage, for figures, and what
-- was taken from it since.
CREATE TABLE emergency_record (
    emergency_id uuid NOT NULL PRIMARY KEY,
    received_at timestamptz NOT NULL,
    status text NOT NULL,
    kind text,
    priority text NOT NULL,
    agency text NOT NULL,
    drill boolean NOT NULL,
    claimed_at timestamptz,
    dispatched_at timestamptz,
    en_route_at timestamptz,
    on_scene_at timestamptz,
    ended_at timestamptz,
    disposition text,
    locations_taken_at timestamptz,
    medical_taken_at timestamptz,
    words_taken_at timestamptz
);
CREATE INDEX emergency_record_time ON emergency_record (received_at);
CREATE INDEX emergency_record_locations ON emergency_record (ended_at)
    WHERE ended_at IS NOT NULL AND locations_taken_at IS NULL;
CREATE INDEX emergency_record_medical ON emergency_record (ended_at)
    WHERE ended_at IS NOT NULL AND medical_taken_at IS NULL;
CREATE INDEX emergency_record_words ON emergency_record (ended_at)
    WHERE ended_at IS NOT NULL AND words_taken_at IS NULL;
