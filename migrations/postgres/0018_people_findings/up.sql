-- Several codes stand side by side for a phone. Codes live for minutes: those on their way are asked
-- for anew.
DROP TABLE otp_challenge;
CREATE TABLE otp_challenge (
    id uuid NOT NULL PRIMARY KEY,
    phone_digest bytea NOT NULL,
    phone bytea NOT NULL,
    code bytea NOT NULL,
    requested_at timestamptz NOT NULL,
    streak integer NOT NULL,
    tries integer NOT NULL,
    source bytea NOT NULL
);
CREATE INDEX otp_challenge_phone ON otp_challenge (phone_digest, requested_at);
CREATE INDEX otp_challenge_requested_at ON otp_challenge (requested_at);
