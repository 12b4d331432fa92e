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
