-- Keys under which clients repeat a request, with the first answer; kept for a day.
CREATE TABLE idempotency_key (
    slot BLOB NOT NULL PRIMARY KEY,
    body BLOB NOT NULL,
    answer TEXT,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX idempotency_key_expiry ON idempotency_key (expires_at);
