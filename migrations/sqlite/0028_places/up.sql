-- What phones that keep the lists of places and notices have to hear of: each thing as it stands now,
-- and the place of its last change. One that vanished has no record.
CREATE TABLE directory_change (
    list TEXT NOT NULL,
    id TEXT NOT NULL,
    position INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    record TEXT,
    PRIMARY KEY (list, id)
) STRICT;
CREATE UNIQUE INDEX directory_change_position ON directory_change (list, position);

-- How far each list has come; a store that was begun anew has another epoch.
CREATE TABLE directory_list (
    list TEXT NOT NULL PRIMARY KEY,
    epoch BLOB NOT NULL,
    position INTEGER NOT NULL
) STRICT;

-- When each calendar is to be fetched next, so that of many processes one does.
CREATE TABLE calendar_round (
    calendar TEXT NOT NULL PRIMARY KEY,
    due_at INTEGER NOT NULL
) STRICT;
