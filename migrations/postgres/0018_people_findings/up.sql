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

-- Who invited: with them, their invitations go.
ALTER TABLE business_invitation ADD COLUMN invited_by uuid;
CREATE INDEX business_invitation_invited_by ON business_invitation (invited_by);

-- How often a business has changed: an officer decides over what they saw.
ALTER TABLE business ADD COLUMN version bigint NOT NULL DEFAULT 1;
