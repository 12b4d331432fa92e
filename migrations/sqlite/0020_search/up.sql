-- Every version of the rules about words that was changed after their import. Without a rule: it was
-- taken away.
CREATE TABLE search_rule (
    id BLOB NOT NULL,
    version INTEGER NOT NULL,
    rule TEXT,
    changed_by BLOB NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (id, version)
) STRICT;

-- What several people asked on a day and nobody found.
CREATE TABLE search_unanswered (
    day TEXT NOT NULL,
    query TEXT NOT NULL,
    times INTEGER NOT NULL,
    PRIMARY KEY (day, query)
) STRICT;
CREATE INDEX search_unanswered_most ON search_unanswered (day, times, query);
