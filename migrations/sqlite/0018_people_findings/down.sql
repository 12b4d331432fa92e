ALTER TABLE business DROP COLUMN version;

DROP INDEX business_invitation_invited_by;
ALTER TABLE business_invitation DROP COLUMN invited_by;

DROP TABLE otp_challenge;
CREATE TABLE otp_challenge (
    phone_digest BLOB NOT NULL PRIMARY KEY,
    phone BLOB NOT NULL,
    id BLOB NOT NULL UNIQUE,
    code BLOB NOT NULL,
    requested_at INTEGER NOT NULL,
    streak INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    source BLOB
) STRICT;
CREATE INDEX otp_challenge_requested_at ON otp_challenge (requested_at);
