-- What can be reported, as administrators changed it: every edition of every category that is not
-- the shipped one. `body` is the category as it is stated.
CREATE TABLE feedback_category (
    code TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    changed_by BLOB NOT NULL,
    PRIMARY KEY (code, version)
) STRICT;

-- Who gets what, before the category decides: the rules, tried by their place.
CREATE TABLE feedback_rule (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    place INTEGER NOT NULL,
    body TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    changed_by BLOB NOT NULL
) STRICT;
