-- How a report came in, where it is not a citizen's own by the app: for which business, or through
-- which officer, at a counter or on the line 1022. `contact` is the caller's, sealed.
CREATE TABLE feedback_intake (
    report uuid NOT NULL PRIMARY KEY,
    business uuid,
    site uuid,
    channel text NOT NULL,
    contact bytea,
    taken_by uuid,
    submitted_at timestamptz NOT NULL
);
CREATE INDEX feedback_intake_business ON feedback_intake (business, submitted_at, report)
    WHERE business IS NOT NULL;
