-- Columns whose values are sealed anew, each as far as it has come.
CREATE TABLE sealing_task (
    "column" TEXT NOT NULL PRIMARY KEY,
    done_up_to BLOB NOT NULL
) STRICT;

-- Numbers and words are sealed from here on. What stands in the clear is marked by sixteen zeros
-- in the place of the id of a key; the service seals it when it starts.
-- A unique column cannot be dropped: the table is made anew, and what hangs on it is kept aside.
CREATE TEMP TABLE kept_session AS SELECT * FROM session WHERE citizen IS NOT NULL;
CREATE TEMP TABLE kept_refresh_token AS
    SELECT * FROM refresh_token WHERE session IN (SELECT id FROM kept_session);
CREATE TABLE citizen_sealed (
    id BLOB NOT NULL PRIMARY KEY,
    phone BLOB NOT NULL,
    phone_digest BLOB NOT NULL UNIQUE,
    display_name TEXT,
    created_at INTEGER NOT NULL
) STRICT;
INSERT INTO citizen_sealed
SELECT id, CAST(zeroblob(16) || CAST(phone AS BLOB) AS BLOB), CAST(phone AS BLOB), display_name,
    created_at
FROM citizen;
DROP TABLE citizen;
ALTER TABLE citizen_sealed RENAME TO citizen;
INSERT INTO session SELECT * FROM kept_session;
INSERT INTO refresh_token SELECT * FROM kept_refresh_token;
DROP TABLE kept_session;
DROP TABLE kept_refresh_token;

ALTER TABLE emergency ADD COLUMN sealed BLOB NOT NULL DEFAULT x'';
UPDATE emergency SET sealed = CAST(zeroblob(16) || CAST(said AS BLOB) AS BLOB);
ALTER TABLE emergency DROP COLUMN said;
ALTER TABLE emergency RENAME COLUMN sealed TO said;

ALTER TABLE emergency_statement ADD COLUMN sealed BLOB NOT NULL DEFAULT x'';
UPDATE emergency_statement SET sealed = CAST(zeroblob(16) || CAST(said AS BLOB) AS BLOB);
ALTER TABLE emergency_statement DROP COLUMN said;
ALTER TABLE emergency_statement RENAME COLUMN sealed TO said;

ALTER TABLE inbox_message ADD COLUMN sealed BLOB NOT NULL DEFAULT x'';
UPDATE inbox_message SET sealed = CAST(zeroblob(16) || CAST(text AS BLOB) AS BLOB);
ALTER TABLE inbox_message DROP COLUMN text;
ALTER TABLE inbox_message RENAME COLUMN sealed TO text;

ALTER TABLE outbox_message ADD COLUMN sealed BLOB NOT NULL DEFAULT x'';
UPDATE outbox_message SET sealed = CAST(zeroblob(16) || CAST(payload AS BLOB) AS BLOB);
ALTER TABLE outbox_message DROP COLUMN payload;
ALTER TABLE outbox_message RENAME COLUMN sealed TO payload;

INSERT INTO sealing_task ("column", done_up_to)
VALUES ('citizen.phone', zeroblob(16)), ('emergency.said', zeroblob(16)),
    ('emergency_statement.said', zeroblob(16)), ('inbox_message.text', zeroblob(16)),
    ('outbox_message.payload', zeroblob(16));

-- One-time passwords live for five minutes: they are asked for again.
DROP TABLE otp_challenge;
CREATE TABLE otp_challenge (
    phone_digest BLOB NOT NULL PRIMARY KEY,
    phone BLOB NOT NULL,
    id BLOB NOT NULL UNIQUE,
    code BLOB NOT NULL,
    requested_at INTEGER NOT NULL,
    streak INTEGER NOT NULL,
    tries INTEGER NOT NULL
) STRICT;
CREATE INDEX otp_challenge_requested_at ON otp_challenge (requested_at);

-- What people have agreed to and taken back. Only ever added to; it outlives its citizen, as proof.
CREATE TABLE consent (
    id BLOB NOT NULL PRIMARY KEY,
    citizen BLOB NOT NULL,
    purpose TEXT NOT NULL,
    text_version INTEGER NOT NULL,
    granted INTEGER NOT NULL,
    channel TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX consent_citizen ON consent (citizen, id);

-- What people let those who help them know, sealed.
CREATE TABLE personal_record (
    citizen BLOB NOT NULL PRIMARY KEY REFERENCES citizen (id) ON DELETE CASCADE,
    medical_card BLOB,
    emergency_contacts BLOB
) STRICT;

-- The devices that can be woken.
CREATE TABLE device (
    id BLOB NOT NULL PRIMARY KEY,
    citizen BLOB NOT NULL REFERENCES citizen (id) ON DELETE CASCADE,
    platform TEXT NOT NULL,
    name TEXT,
    push_token BLOB,
    push_token_digest BLOB UNIQUE,
    registered_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX device_citizen ON device (citizen, seen_at);

-- Citizens who asked to be erased: hidden since then, erased by a job. The row stays, as a tombstone.
ALTER TABLE citizen ADD COLUMN erased_at INTEGER;
CREATE TABLE erasure (
    citizen BLOB NOT NULL PRIMARY KEY,
    asked_at INTEGER NOT NULL,
    look_again_at INTEGER,
    done_at INTEGER
) STRICT;
CREATE INDEX erasure_due ON erasure (look_again_at) WHERE look_again_at IS NOT NULL;

-- What must not be erased for the time being, and why.
CREATE TABLE legal_hold (
    id BLOB NOT NULL PRIMARY KEY,
    subject BLOB NOT NULL,
    reason TEXT NOT NULL,
    placed_by BLOB NOT NULL,
    placed_at INTEGER NOT NULL,
    lifted_at INTEGER
) STRICT;
CREATE INDEX legal_hold_subject ON legal_hold (subject) WHERE lifted_at IS NULL;
CREATE INDEX emergency_citizen ON emergency (citizen) WHERE citizen IS NOT NULL;

-- What people have asked to be done with their data, and by when it has to be.
CREATE TABLE subject_request (
    id BLOB NOT NULL PRIMARY KEY,
    citizen BLOB NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    words BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    acknowledge_by INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    acknowledged_at INTEGER,
    extended INTEGER NOT NULL,
    closed_at INTEGER,
    answer BLOB
) STRICT;
CREATE INDEX subject_request_citizen ON subject_request (citizen, id);
CREATE INDEX subject_request_open ON subject_request (due_at, id) WHERE closed_at IS NULL;

-- Children whose guardians speak for them: name and birthday, sealed.
CREATE TABLE child (
    id BLOB NOT NULL PRIMARY KEY,
    guardian BLOB NOT NULL REFERENCES citizen (id) ON DELETE CASCADE,
    card BLOB NOT NULL,
    added_at INTEGER NOT NULL
) STRICT;
CREATE INDEX child_guardian ON child (guardian, id);
