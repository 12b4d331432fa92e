-- What can be reported, as administrators changed it: every edition of every category that is not
-- the shipped one. `body` is the category as it is stated.
CREATE TABLE feedback_category (
    code text NOT NULL,
    version bigint NOT NULL,
    body text NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by uuid NOT NULL,
    PRIMARY KEY (code, version)
);

-- Who gets what, before the category decides: the rules, tried by their place.
CREATE TABLE feedback_rule (
    id uuid NOT NULL PRIMARY KEY,
    version bigint NOT NULL,
    place bigint NOT NULL,
    body text NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by uuid NOT NULL
);
