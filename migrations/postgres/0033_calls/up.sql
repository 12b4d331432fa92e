-- What dispatchers put right about a call. Only ever added to: what its caller said stays beside.
CREATE TABLE emergency_correction (
    id uuid NOT NULL PRIMARY KEY,
    emergency_id uuid NOT NULL,
    at timestamptz NOT NULL,
    staff uuid NOT NULL,
    username text NOT NULL,
    changes bytea NOT NULL
);
CREATE INDEX emergency_correction_time ON emergency_correction (emergency_id, at, id);

-- Attempts to ring a caller back. Only ever added to.
CREATE TABLE emergency_callback (
    id uuid NOT NULL PRIMARY KEY,
    emergency_id uuid NOT NULL,
    at timestamptz NOT NULL,
    staff uuid NOT NULL,
    username text NOT NULL,
    outcome text NOT NULL,
    note bytea
);
CREATE INDEX emergency_callback_time ON emergency_callback (emergency_id, at, id);

-- What callers are asked while there are more calls than dispatchers, and what they answered.
CREATE TABLE emergency_question (
    id uuid NOT NULL PRIMARY KEY,
    emergency_id uuid NOT NULL,
    code text NOT NULL,
    asked_at timestamptz NOT NULL,
    times integer NOT NULL,
    again_at timestamptz,
    answered_at timestamptz,
    answer bytea
);
CREATE UNIQUE INDEX emergency_question_once ON emergency_question (emergency_id, code);
CREATE INDEX emergency_question_again ON emergency_question (again_at) WHERE again_at IS NOT NULL;

-- Calls that the service makes itself, to see that calls get through. They go again, their events later.
CREATE TABLE emergency_probe (
    id uuid NOT NULL PRIMARY KEY,
    raised_at timestamptz NOT NULL
);
CREATE INDEX emergency_probe_time ON emergency_probe (raised_at);
