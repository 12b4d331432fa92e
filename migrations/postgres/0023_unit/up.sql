-- Units: who and what is sent together. Shift and position change by themselves and count no
-- version.
CREATE TABLE unit (
    id uuid NOT NULL PRIMARY KEY,
    version bigint NOT NULL,
    agency text NOT NULL,
    name text NOT NULL,
    capabilities text NOT NULL,
    duty_phone text,
    labels text NOT NULL,
    retired boolean NOT NULL,
    on_shift_since timestamptz,
    position text,
    position_at timestamptz
);

-- Who drives with which unit.
CREATE TABLE unit_crew (
    unit uuid NOT NULL,
    staff uuid NOT NULL,
    PRIMARY KEY (unit, staff)
);
CREATE INDEX unit_crew_staff ON unit_crew (staff);

-- Units that were sent to emergencies.
CREATE TABLE assignment (
    id uuid NOT NULL PRIMARY KEY,
    version bigint NOT NULL,
    emergency_id uuid NOT NULL,
    unit uuid NOT NULL,
    status text NOT NULL,
    forced boolean NOT NULL,
    assigned_by uuid NOT NULL,
    assigned_at timestamptz NOT NULL,
    seen_at timestamptz,
    acknowledged_at timestamptz,
    en_route_at timestamptz,
    on_scene_at timestamptz,
    ended_at timestamptz,
    reason text,
    text_at timestamptz,
    answer_by timestamptz
);
CREATE INDEX assignment_emergency ON assignment (emergency_id);
CREATE INDEX assignment_active ON assignment (unit) WHERE ended_at IS NULL;
-- A unit is bound once, unless a dispatcher forced it.
CREATE UNIQUE INDEX assignment_binds ON assignment (unit) WHERE ended_at IS NULL AND NOT forced;
CREATE INDEX assignment_text ON assignment (text_at) WHERE text_at IS NOT NULL;
CREATE INDEX assignment_answer ON assignment (answer_by) WHERE answer_by IS NOT NULL;

-- The units that an emergency binds.
ALTER TABLE emergency ADD COLUMN units text;
