-- What strangers see of published reports: masked, its place blurred where it has to be, and apart
-- from the reports, so that what answers strangers reads nothing else. `place` orders the list; it
-- is given out when a report is published and never again.
CREATE TABLE feedback_public (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    report BLOB NOT NULL UNIQUE,
    code TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    category TEXT NOT NULL,
    title TEXT,
    text TEXT NOT NULL,
    lat REAL,
    lon REAL,
    blurred INTEGER NOT NULL,
    commune TEXT,
    address TEXT,
    status TEXT NOT NULL,
    agency TEXT NOT NULL,
    submitted_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    published_at INTEGER NOT NULL,
    answer TEXT,
    rejection_reason TEXT,
    rejection_go_to TEXT,
    outcome TEXT NOT NULL,
    supports INTEGER NOT NULL DEFAULT 0,
    comments INTEGER NOT NULL DEFAULT 0,
    folded TEXT NOT NULL
) STRICT;

-- Whom it concerns, too: once for each account or device. `mark` is a keyed digest of either,
-- made with the report, so that what a device supports is not seen together.
CREATE TABLE feedback_support (
    report BLOB NOT NULL,
    mark BLOB NOT NULL,
    citizen BLOB,
    at INTEGER NOT NULL,
    PRIMARY KEY (report, mark)
) STRICT;
CREATE INDEX feedback_support_citizen ON feedback_support (citizen, at) WHERE citizen IS NOT NULL;

-- Who is told what becomes of a report.
CREATE TABLE feedback_follow (
    id BLOB NOT NULL PRIMARY KEY,
    report BLOB NOT NULL,
    citizen BLOB NOT NULL,
    since INTEGER NOT NULL,
    UNIQUE (report, citizen)
) STRICT;
CREATE INDEX feedback_follow_report ON feedback_follow (report, id);
CREATE INDEX feedback_follow_citizen ON feedback_follow (citizen, since);

-- What those who follow are still to be told; `reached` is the last of them who was.
CREATE TABLE feedback_news (
    id BLOB NOT NULL PRIMARY KEY,
    report BLOB NOT NULL,
    event TEXT NOT NULL,
    text TEXT NOT NULL,
    reached BLOB NOT NULL
) STRICT;

-- What people say about reports. `text` is sealed; nobody but its author and the officers reads it
-- before an officer publishes it.
CREATE TABLE feedback_comment (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    report BLOB NOT NULL,
    citizen BLOB NOT NULL,
    text BLOB NOT NULL,
    status TEXT NOT NULL,
    at INTEGER NOT NULL,
    staff BLOB
) STRICT;
CREATE INDEX feedback_comment_shown ON feedback_comment (report, id) WHERE status = 'published';
CREATE INDEX feedback_comment_waiting ON feedback_comment (id) WHERE status = 'pending';
CREATE INDEX feedback_comment_citizen ON feedback_comment (citizen, id);

DROP INDEX feedback_report_published_place;
DROP INDEX feedback_report_similar;
