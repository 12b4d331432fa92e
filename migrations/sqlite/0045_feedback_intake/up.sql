-- How a report came in, where it is not a citizen's own by the app: for which business, or through
-- which officer, at a counter or on the line 1022. `contact` is the caller's, sealed.
CREATE TABLE feedback_intake (
    report BLOB NOT NULL PRIMARY KEY,
    business BLOB,
    site BLOB,
    channel TEXT NOT NULL,
    contact BLOB,
    taken_by BLOB,
    submitted_at INTEGER NOT NULL
) STRICT;
CREATE INDEX feedback_intake_business ON feedback_intake (business, submitted_at, report)
    WHERE business IS NOT NULL;
