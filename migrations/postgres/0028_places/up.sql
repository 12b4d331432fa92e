-- What phones that keep the lists of places and notices have to hear of: each thing as it stands now,
-- and the place of its last change. One that vanished has no record.
CREATE TABLE directory_change (
    list text NOT NULL,
    id text NOT NULL,
    position bigint NOT NULL,
    changed_at timestamptz NOT NULL,
    record text,
    PRIMARY KEY (list, id)
);
CREATE UNIQUE INDEX directory_change_position ON directory_change (list, position);

-- How far each list has come; a store that was begun anew has another epoch.
CREATE TABLE directory_list (
    list text NOT NULL PRIMARY KEY,
    epoch uuid NOT NULL,
    position bigint NOT NULL
);

-- When each calendar is to be fetched next, so that of many processes one does.
CREATE TABLE calendar_round (
    calendar text NOT NULL PRIMARY KEY,
    due_at timestamptz NOT NULL
);
