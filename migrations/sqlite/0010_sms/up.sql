-- How much is used of what may be done so often: by whom or of what, as a keyed digest.
CREATE TABLE allowance (
    digest BLOB NOT NULL PRIMARY KEY,
    whole_at INTEGER NOT NULL
) STRICT;
CREATE INDEX allowance_whole_at ON allowance (whole_at);

-- From where a code was asked for, as a keyed digest.
ALTER TABLE otp_challenge ADD COLUMN source BLOB;
