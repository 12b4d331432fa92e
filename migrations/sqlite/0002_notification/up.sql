-- What people were told, to be read in the app.
CREATE TABLE inbox_message (
    id BLOB NOT NULL PRIMARY KEY,
    recipient BLOB NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    subject BLOB NOT NULL,
    at INTEGER NOT NULL,
    read_at INTEGER
) STRICT;
CREATE INDEX inbox_message_recipient ON inbox_message (recipient, id);

-- Messages that have to leave the house. Delivered ones are removed; dead ones stay for a person.
CREATE TABLE outbox_message (
    id BLOB NOT NULL PRIMARY KEY,
    channel TEXT NOT NULL,
    payload TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    due_at INTEGER,
    attempts INTEGER NOT NULL,
    last_error TEXT
) STRICT;
CREATE INDEX outbox_message_due ON outbox_message (due_at) WHERE due_at IS NOT NULL;
