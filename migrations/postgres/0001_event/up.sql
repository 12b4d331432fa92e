-- What happened. Events commit without a position; whoever comes first stamps them afterwards in
-- one short transaction, so that positions follow the order of commits.
CREATE TABLE event (
    id uuid NOT NULL PRIMARY KEY,
    position bigint UNIQUE,
    topic text NOT NULL,
    kind text NOT NULL,
    subject uuid NOT NULL,
    agency text,
    at timestamptz NOT NULL,
    data text NOT NULL
);
CREATE INDEX event_unstamped ON event (id) WHERE position IS NULL;
CREATE INDEX event_subject ON event (subject, topic);

CREATE SEQUENCE event_position_seq;
