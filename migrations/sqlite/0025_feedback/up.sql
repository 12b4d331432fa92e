-- The whole life of a report. `course` is what it went through, as far as it decides what may come
-- next, `alarm_at` when the clock has to look at it; `history_number` and `history_link` are the end of its history.
ALTER TABLE feedback_report ADD COLUMN resolved_at INTEGER;
ALTER TABLE feedback_report ADD COLUMN merged_into BLOB;
ALTER TABLE feedback_report ADD COLUMN course TEXT NOT NULL DEFAULT '{}';
ALTER TABLE feedback_report ADD COLUMN alarm_at INTEGER;
ALTER TABLE feedback_report ADD COLUMN history_number INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feedback_report ADD COLUMN history_link BLOB;
CREATE INDEX feedback_report_asked ON feedback_report (status_since) WHERE status = 'needs_info';
CREATE INDEX feedback_report_merged ON feedback_report (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX feedback_report_alarm ON feedback_report (alarm_at) WHERE alarm_at IS NOT NULL;
CREATE INDEX feedback_report_answered ON feedback_report (category, agency, resolved_at)
    WHERE resolved_at IS NOT NULL;
CREATE INDEX feedback_report_assignee ON feedback_report (assignee, due_at, id)
    WHERE assignee IS NOT NULL;

-- What happened to reports, each entry chained to the one before it. `words` are sealed; erased
-- together with their salt they leave the chain whole.
CREATE TABLE feedback_entry (
    id BLOB NOT NULL PRIMARY KEY,
    report BLOB NOT NULL,
    number INTEGER NOT NULL,
    event TEXT NOT NULL,
    by_kind TEXT NOT NULL,
    actor BLOB,
    at INTEGER NOT NULL,
    status TEXT NOT NULL,
    agency TEXT NOT NULL,
    words BLOB,
    salt BLOB,
    digest BLOB NOT NULL,
    link BLOB NOT NULL,
    UNIQUE (report, number)
) STRICT;
