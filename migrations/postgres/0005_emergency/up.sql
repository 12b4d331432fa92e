-- Calls for help. One row is written per call; what is not asked for in a query is JSON.
CREATE TABLE emergency (
    id uuid NOT NULL PRIMARY KEY,
    version bigint NOT NULL,
    receipt text NOT NULL,
    status text NOT NULL,
    priority text NOT NULL,
    suspect boolean NOT NULL,
    urgency integer,
    agency text NOT NULL,
    kind text,
    commune text,
    received_at timestamptz NOT NULL,
    queued_at timestamptz NOT NULL,
    said text NOT NULL,
    location text,
    location_told_at timestamptz,
    citizen uuid,
    secret bytea,
    idempotency_key bytea,
    body bytea,
    overheard boolean NOT NULL,
    source bytea NOT NULL,
    merged_into uuid,
    holder uuid,
    heard_at timestamptz,
    lease text,
    cancel_requested_at timestamptz,
    outcome text,
    closes_at timestamptz
);
CREATE UNIQUE INDEX emergency_receipt ON emergency (receipt);
-- The queue: only what is open is in it, so that it stays small whatever the table holds.
CREATE INDEX emergency_queue ON emergency (urgency, queued_at, id) WHERE urgency IS NOT NULL;
CREATE INDEX emergency_time ON emergency (queued_at, id);
CREATE INDEX emergency_merged ON emergency (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX emergency_closing ON emergency (closes_at) WHERE closes_at IS NOT NULL;

-- Where callers were. Only ever added to; no foreign key and no sequence, so that it can be cut
-- into partitions by `received_at`.
CREATE TABLE emergency_location (
    emergency_id uuid NOT NULL,
    device_at timestamptz NOT NULL,
    lat double precision NOT NULL,
    lon double precision NOT NULL,
    received_at timestamptz NOT NULL,
    fix text NOT NULL,
    PRIMARY KEY (emergency_id, device_at, lat, lon, received_at)
);

-- What was said under the id of an emergency after its first call, by its caller or by strangers.
CREATE TABLE emergency_statement (
    id uuid NOT NULL PRIMARY KEY,
    emergency_id uuid NOT NULL,
    at timestamptz NOT NULL,
    verified boolean NOT NULL,
    said text NOT NULL,
    fixes text NOT NULL,
    cancels boolean NOT NULL,
    body bytea NOT NULL
);
CREATE UNIQUE INDEX emergency_statement_once ON emergency_statement (emergency_id, verified, body);

-- Who is there to answer.
CREATE TABLE duty (
    staff uuid NOT NULL PRIMARY KEY,
    username text NOT NULL,
    agency text NOT NULL,
    since timestamptz NOT NULL,
    seen_at timestamptz NOT NULL
);
