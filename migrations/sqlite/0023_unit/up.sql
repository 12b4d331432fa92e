-- Units: who and what is sent together. Shift and position change by themselves and count no
-- version.
CREATE TABLE unit (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    agency TEXT NOT NULL,
    name TEXT NOT NULL,
    capabilities TEXT NOT NULL,
    duty_phone TEXT,
    labels TEXT NOT NULL,
    retired INTEGER NOT NULL,
    on_shift_since INTEGER,
    position TEXT,
    position_at INTEGER
) STRICT;

-- Who drives with which unit.
CREATE TABLE unit_crew (
    unit BLOB NOT NULL,
    staff BLOB NOT NULL,
    PRIMARY KEY (unit, staff)
) STRICT, WITHOUT ROWID;
CREATE INDEX unit_crew_staff ON unit_crew (staff);

-- Units that were sent to emergencies.
CREATE TABLE assignment (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    emergency_id BLOB NOT NULL,
    unit BLOB NOT NULL,
    status TEXT NOT NULL,
    forced INTEGER NOT NULL,
    assigned_by BLOB NOT NULL,
    assigned_at INTEGER NOT NULL,
    seen_at INTEGER,
    acknowledged_at INTEGER,
    en_route_at INTEGER,
    on_scene_at INTEGER,
    ended_at INTEGER,
    reason TEXT,
    text_at INTEGER,
    answer_by INTEGER
) STRICT;
CREATE INDEX assignment_emergency ON assignment (emergency_id);
CREATE INDEX assignment_active ON assignment (unit) WHERE ended_at IS NULL;
-- A unit is bound once, unless a dispatcher forced it.
CREATE UNIQUE INDEX assignment_binds ON assignment (unit) WHERE ended_at IS NULL AND NOT forced;
CREATE INDEX assignment_text ON assignment (text_at) WHERE text_at IS NOT NULL;
CREATE INDEX assignment_answer ON assignment (answer_by) WHERE answer_by IS NOT NULL;

-- The units that an emergency binds.
ALTER TABLE emergency ADD COLUMN units TEXT;
