-- What is sealed cannot be opened here: to go back with the data, restore the backup taken before.
DROP TABLE child;
DROP TABLE subject_request;
DROP INDEX emergency_citizen;
DROP TABLE legal_hold;
DROP TABLE erasure;
DROP TABLE device;
DROP TABLE personal_record;
DROP TABLE consent;
ALTER TABLE citizen DROP COLUMN erased_at;
DROP TABLE sealing_task;
DELETE FROM citizen;
DELETE FROM emergency;
DELETE FROM emergency_statement;
DELETE FROM inbox_message;
DELETE FROM outbox_message;
ALTER TABLE citizen DROP COLUMN phone_digest;
ALTER TABLE citizen ALTER COLUMN phone TYPE text USING encode(phone, 'hex');
ALTER TABLE citizen ADD UNIQUE (phone);
ALTER TABLE emergency ALTER COLUMN said TYPE text USING encode(said, 'hex');
ALTER TABLE emergency_statement ALTER COLUMN said TYPE text USING encode(said, 'hex');
ALTER TABLE inbox_message ALTER COLUMN text TYPE text USING encode(text, 'hex');
ALTER TABLE outbox_message ALTER COLUMN payload TYPE text USING encode(payload, 'hex');
DROP TABLE otp_challenge;
CREATE TABLE otp_challenge (
    phone text NOT NULL PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    code bytea NOT NULL,
    requested_at timestamptz NOT NULL,
    streak integer NOT NULL,
    tries integer NOT NULL
);
CREATE INDEX otp_challenge_requested_at ON otp_challenge (requested_at);
