-- What citizens and businesses reported. `published_at` is set exactly while a report is public;
-- `folded` holds title, text and address as they are searched.
CREATE TABLE feedback_report (
    id BLOB NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    category TEXT NOT NULL,
    title TEXT,
    text TEXT NOT NULL,
    lat REAL,
    lon REAL,
    commune TEXT,
    address TEXT,
    attributes TEXT NOT NULL,
    reporter BLOB,
    confidential INTEGER NOT NULL,
    agency TEXT NOT NULL,
    assignee BLOB,
    status TEXT NOT NULL,
    status_since INTEGER NOT NULL,
    visibility TEXT NOT NULL,
    published_at INTEGER,
    answer TEXT,
    rejection_reason TEXT,
    rejection_go_to TEXT,
    submitted_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    folded TEXT NOT NULL
) STRICT;
CREATE INDEX feedback_report_reporter ON feedback_report (reporter, submitted_at, id)
    WHERE reporter IS NOT NULL;
CREATE INDEX feedback_report_queue ON feedback_report (due_at, id);
CREATE INDEX feedback_report_agency_queue ON feedback_report (agency, due_at, id);
CREATE INDEX feedback_report_resolved ON feedback_report (status_since) WHERE status = 'resolved';
CREATE INDEX feedback_report_published ON feedback_report (published_at, id)
    WHERE published_at IS NOT NULL;
CREATE INDEX feedback_report_published_place ON feedback_report (lat, lon)
    WHERE published_at IS NOT NULL;
CREATE INDEX feedback_report_similar ON feedback_report (category, lat) WHERE lat IS NOT NULL;
