-- Calls for help. One row is written per call; what is not asked for in a query is JSON.
CREATE TABLE emergency (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    receipt TEXT NOT NULL,
    status TEXT NOT NULL,
    priority TEXT NOT NULL,
    suspect INTEGER NOT NULL,
    urgency INTEGER,
    agency TEXT NOT NULL,
    kind TEXT,
    commune TEXT,
    received_at INTEGER NOT NULL,
    queued_at INTEGER NOT NULL,
    said TEXT NOT NULL,
    location TEXT,
    location_told_at INTEGER,
    citizen BLOB,
    secret BLOB,
    idempotency_key BLOB,
    body BLOB,
    overheard INTEGER NOT NULL,
    source BLOB NOT NULL,
    merged_into BLOB,
    holder BLOB,
    heard_at INTEGER,
    lease TEXT,
    cancel_requested_at INTEGER,
    outcome TEXT,
    closes_at INTEGER
) STRICT;
CREATE UNIQUE INDEX emergency_receipt ON emergency (receipt);
-- The queue: only what is open is in it, so that it stays small whatever the table holds.
CREATE INDEX emergency_queue ON emergency (urgency, queued_at, id) WHERE urgency IS NOT NULL;
CREATE INDEX emergency_time ON emergency (queued_at, id);
CREATE INDEX emergency_merged ON emergency (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX emergency_closing ON emergency (closes_at) WHERE closes_at IS NOT NULL;

-- Where callers were. Only ever added to; no foreign key and no sequence, so that it can be cut
-- into partitions by `received_at`.
CREATE TABLE emergency_location (
    emergency_id BLOB NOT NULL,
    device_at INTEGER NOT NULL,
    lat REAL NOT NULL,
    lon REAL NOT NULL,
    received_at INTEGER NOT NULL,
    fix TEXT NOT NULL,
    PRIMARY KEY (emergency_id, device_at, lat, lon, received_at)
) STRICT, WITHOUT ROWID;

-- What was said under the id of an emergency after its first call, by its caller or by strangers.
CREATE TABLE emergency_statement (
    id BLOB NOT NULL PRIMARY KEY,
    emergency_id BLOB NOT NULL,
    at INTEGER NOT NULL,
    verified INTEGER NOT NULL,
    said TEXT NOT NULL,
    fixes TEXT NOT NULL,
    cancels INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX emergency_statement_once ON emergency_statement (emergency_id, verified, body);

-- Who is there to answer.
CREATE TABLE duty (
    staff BLOB NOT NULL PRIMARY KEY,
    username TEXT NOT NULL,
    agency TEXT NOT NULL,
    since INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;
