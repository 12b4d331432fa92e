-- Who did what. Only ever added to; position, link and the digest of what is personal come when an
-- entry is sealed, a moment after its commit.
CREATE TABLE audit_entry (
    id uuid NOT NULL PRIMARY KEY,
    at timestamptz NOT NULL,
    actor_kind text NOT NULL,
    actor uuid,
    role text,
    agency text,
    action text NOT NULL,
    subject text NOT NULL,
    personal text,
    position bigint UNIQUE,
    link bytea,
    personal_digest bytea
);
CREATE INDEX audit_entry_unsealed ON audit_entry (at, id) WHERE position IS NULL;
CREATE INDEX audit_entry_time ON audit_entry (at, id);
CREATE INDEX audit_entry_subject ON audit_entry (subject, at);
CREATE INDEX audit_entry_actor ON audit_entry (actor, at);

-- Where the chain of sealed entries begins and ends: one row, or none before the first entry.
CREATE TABLE audit_chain (
    id integer NOT NULL PRIMARY KEY CHECK (id = 1),
    start_position bigint NOT NULL,
    start_link bytea NOT NULL,
    start_seal bytea NOT NULL,
    head_position bigint NOT NULL,
    head_link bytea NOT NULL,
    head_seal bytea NOT NULL,
    anchored text
);

-- Where the chain stood at the end of each day.
CREATE TABLE audit_anchor (
    day text NOT NULL PRIMARY KEY,
    position bigint NOT NULL,
    link bytea NOT NULL
);
