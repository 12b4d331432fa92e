-- Every version of the rules about words that was changed after their import. Without a rule: it was
-- taken away.
CREATE TABLE search_rule (
    id uuid NOT NULL,
    version bigint NOT NULL,
    rule text,
    changed_by uuid NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (id, version)
);

-- What several people asked on a day and nobody found.
CREATE TABLE search_unanswered (
    day text NOT NULL,
    query text NOT NULL,
    times bigint NOT NULL,
    PRIMARY KEY (day, query)
);
CREATE INDEX search_unanswered_most ON search_unanswered (day, times, query);
