-- What dispatchers put right about a call. Only ever added to: what its caller said stays beside.
CREATE TABLE emergency_correction (
    id BLOB NOT NULL PRIMARY KEY,
    emergency_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    staff BLOB NOT NULL,
    username TEXT NOT NULL,
    changes BLOB NOT NULL
) STRICT;
CREATE INDEX emergency_correction_time ON emergency_correction (emergency_id, at, id);

-- Attempts to ring a caller back. Only ever added to.
CREATE TABLE emergency_callback (
    id BLOB NOT NULL PRIMARY KEY,
    emergency_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    staff BLOB NOT NULL,
    username TEXT NOT NULL,
    outcome TEXT NOT NULL,
    note BLOB
) STRICT;
CREATE INDEX emergency_callback_time ON emergency_callback (emergency_id, at, id);

-- What callers are asked while there are more calls than dispatchers, and what they answered.
CREATE TABLE emergency_question (
    id BLOB NOT NULL PRIMARY KEY,
    emergency_id BLOB NOT NULL,
    code TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    times INTEGER NOT NULL,
    again_at INTEGER,
    answered_at INTEGER,
    answer BLOB
) STRICT;
CREATE UNIQUE INDEX emergency_question_once ON emergency_question (emergency_id, code);
CREATE INDEX emergency_question_again ON emergency_question (again_at) WHERE again_at IS NOT NULL;

-- Calls that the service makes itself, to see that calls get through. They go again, their events later.
CREATE TABLE emergency_probe (
    id BLOB NOT NULL PRIMARY KEY,
    raised_at INTEGER NOT NULL
) STRICT;
CREATE INDEX emergency_probe_time ON emergency_probe (raised_at);
