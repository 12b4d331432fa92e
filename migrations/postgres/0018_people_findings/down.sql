ALTER TABLE business DROP COLUMN version;

DROP INDEX business_invitation_invited_by;
ALTER TABLE business_invitation DROP COLUMN invited_by;

DROP TABLE otp_challenge;
CREATE TABLE otp_challenge (
    phone_digest bytea NOT NULL PRIMARY KEY,
    phone bytea NOT NULL,
    id uuid NOT NULL UNIQUE,
    code bytea NOT NULL,
    requested_at timestamptz NOT NULL,
    streak integer NOT NULL,
    tries integer NOT NULL,
    source bytea
);
CREATE INDEX otp_challenge_requested_at ON otp_challenge (requested_at);
