-- Keys under which clients repeat a request, with the first answer; kept for a day.
CREATE TABLE idempotency_key (
    slot bytea NOT NULL PRIMARY KEY,
    body bytea NOT NULL,
    answer text,
    expires_at timestamptz NOT NULL
);
CREATE INDEX idempotency_key_expiry ON idempotency_key (expires_at);
