-- Columns whose values are sealed anew, each as far as it has come.
CREATE TABLE sealing_task (
    "column" text NOT NULL PRIMARY KEY,
    done_up_to uuid NOT NULL
);

-- Numbers and words are sealed from here on. What stands in the clear is marked by sixteen zeros
-- in the place of the id of a key; the service seals it when it starts.
ALTER TABLE citizen DROP CONSTRAINT citizen_phone_key;
ALTER TABLE citizen ADD COLUMN phone_digest bytea;
UPDATE citizen SET phone_digest = convert_to(phone, 'UTF8');
ALTER TABLE citizen ALTER COLUMN phone_digest SET NOT NULL;
ALTER TABLE citizen ADD UNIQUE (phone_digest);
ALTER TABLE citizen ALTER COLUMN phone TYPE bytea
    USING decode(repeat('00', 16), 'hex') || convert_to(phone, 'UTF8');

ALTER TABLE emergency ALTER COLUMN said TYPE bytea
    USING decode(repeat('00', 16), 'hex') || convert_to(said, 'UTF8');
ALTER TABLE emergency_statement ALTER COLUMN said TYPE bytea
    USING decode(repeat('00', 16), 'hex') || convert_to(said, 'UTF8');
ALTER TABLE inbox_message ALTER COLUMN text TYPE bytea
    USING decode(repeat('00', 16), 'hex') || convert_to(text, 'UTF8');
ALTER TABLE outbox_message ALTER COLUMN payload TYPE bytea
    USING decode(repeat('00', 16), 'hex') || convert_to(payload, 'UTF8');

INSERT INTO sealing_task ("column", done_up_to)
SELECT "column", '00000000-0000-0000-0000-000000000000'
FROM (VALUES ('citizen.phone'), ('emergency.said'), ('emergency_statement.said'),
    ('inbox_message.text'), ('outbox_message.payload')) AS sealed ("column");

-- One-time passwords live for five minutes: they are asked for again.
DROP TABLE otp_challenge;
CREATE TABLE otp_challenge (
    phone_digest bytea NOT NULL PRIMARY KEY,
    phone bytea NOT NULL,
    id uuid NOT NULL UNIQUE,
    code bytea NOT NULL,
    requested_at timestamptz NOT NULL,
    streak integer NOT NULL,
    tries integer NOT NULL
);
CREATE INDEX otp_challenge_requested_at ON otp_challenge (requested_at);
