-- What people were told, to be read in the app.
CREATE TABLE inbox_message (
    id uuid NOT NULL PRIMARY KEY,
    recipient uuid NOT NULL,
    kind text NOT NULL,
    text text NOT NULL,
    subject uuid NOT NULL,
    at timestamptz NOT NULL,
    read_at timestamptz
);
CREATE INDEX inbox_message_recipient ON inbox_message (recipient, id);

-- Messages that have to leave the house. Delivered ones are removed; dead ones stay for a person.
CREATE TABLE outbox_message (
    id uuid NOT NULL PRIMARY KEY,
    channel text NOT NULL,
    payload text NOT NULL,
    created_at timestamptz NOT NULL,
    due_at timestamptz,
    attempts integer NOT NULL,
    last_error text
);
CREATE INDEX outbox_message_due ON outbox_message (due_at) WHERE due_at IS NOT NULL;
