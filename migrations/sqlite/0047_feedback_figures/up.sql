-- What figures of a period are counted from: reports by when they arrived, of all agencies and of
-- one, so that what arrived before is never passed over.
CREATE INDEX feedback_report_submitted ON feedback_report (submitted_at);
CREATE INDEX feedback_report_agency_submitted ON feedback_report (agency, submitted_at);

-- What anybody may take along: a file for each month, made once and never changed, so that every
-- replica sends the same bytes. `body` is compressed by zstd, `bytes` and `sha256` are of what it
-- holds.
CREATE TABLE open_data_file (
    month TEXT NOT NULL PRIMARY KEY,
    reports INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;
