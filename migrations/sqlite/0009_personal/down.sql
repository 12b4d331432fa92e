-- What is sealed cannot be opened here: to go back with the data, restore the backup taken before.
DROP TABLE child;
DROP TABLE subject_request;
DROP INDEX emergency_citizen;
DROP TABLE legal_hold;
DROP TABLE erasure;
DROP TABLE device;
DROP TABLE personal_record;
DROP TABLE consent;
DROP TABLE sealing_task;
DELETE FROM emergency;
DELETE FROM emergency_statement;
DELETE FROM inbox_message;
DELETE FROM outbox_message;
DROP TABLE citizen;
CREATE TABLE citizen (
    id BLOB NOT NULL PRIMARY KEY,
    phone TEXT NOT NULL UNIQUE,
    display_name TEXT,
    created_at INTEGER NOT NULL
) STRICT;
ALTER TABLE emergency DROP COLUMN said;
ALTER TABLE emergency ADD COLUMN said TEXT NOT NULL DEFAULT '';
ALTER TABLE emergency_statement DROP COLUMN said;
ALTER TABLE emergency_statement ADD COLUMN said TEXT NOT NULL DEFAULT '';
ALTER TABLE inbox_message DROP COLUMN text;
ALTER TABLE inbox_message ADD COLUMN text TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox_message DROP COLUMN payload;
ALTER TABLE outbox_message ADD COLUMN payload TEXT NOT NULL DEFAULT '';
DROP TABLE otp_challenge;
CREATE TABLE otp_challenge (
    phone TEXT NOT NULL PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    code BLOB NOT NULL,
    requested_at INTEGER NOT NULL,
    streak INTEGER NOT NULL,
    tries INTEGER NOT NULL
) STRICT;
CREATE INDEX otp_challenge_requested_at ON otp_challenge (requested_at);
