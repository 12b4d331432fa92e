-- Notices that staff entered, or that were taken from calendars. They stay for some time after they
-- ended or were withdrawn.
CREATE TABLE notice (
    id BLOB NOT NULL PRIMARY KEY,
    agency TEXT NOT NULL,
    calendar TEXT,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    area TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at INTEGER,
    source TEXT NOT NULL,
    version INTEGER NOT NULL,
    withdrawn_at INTEGER
) STRICT;
CREATE INDEX notice_starts_at ON notice (starts_at, id);
CREATE INDEX notice_ends_at ON notice (ends_at) WHERE ends_at IS NOT NULL;
CREATE INDEX notice_withdrawn_at ON notice (withdrawn_at) WHERE withdrawn_at IS NOT NULL;

-- What staff know better about a facility than the list it was imported with.
CREATE TABLE facility_correction (
    facility TEXT NOT NULL PRIMARY KEY,
    opening_hours TEXT,
    phone TEXT,
    version INTEGER NOT NULL
) STRICT;
