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

-- What people have agreed to and taken back. Only ever added to; it outlives its citizen, as proof.
CREATE TABLE consent (
    id uuid NOT NULL PRIMARY KEY,
    citizen uuid NOT NULL,
    purpose text NOT NULL,
    text_version integer NOT NULL,
    granted boolean NOT NULL,
    channel text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX consent_citizen ON consent (citizen, id);

-- What people let those who help them know, sealed.
CREATE TABLE personal_record (
    citizen uuid NOT NULL PRIMARY KEY REFERENCES citizen (id) ON DELETE CASCADE,
    medical_card bytea,
    emergency_contacts bytea
);

-- The devices that can be woken.
CREATE TABLE device (
    id uuid NOT NULL PRIMARY KEY,
    citizen uuid NOT NULL REFERENCES citizen (id) ON DELETE CASCADE,
    platform text NOT NULL,
    name text,
    push_token bytea,
    push_token_digest bytea UNIQUE,
    registered_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL
);
CREATE INDEX device_citizen ON device (citizen, seen_at);

-- Citizens who asked to be erased: hidden since then, erased by a job. The row stays, as a tombstone.
ALTER TABLE citizen ADD COLUMN erased_at timestamptz;
CREATE TABLE erasure (
    citizen uuid NOT NULL PRIMARY KEY,
    asked_at timestamptz NOT NULL,
    look_again_at timestamptz,
    done_at timestamptz
);
CREATE INDEX erasure_due ON erasure (look_again_at) WHERE look_again_at IS NOT NULL;

-- What must not be erased for the time being, and why.
CREATE TABLE legal_hold (
    id uuid NOT NULL PRIMARY KEY,
    subject uuid NOT NULL,
    reason text NOT NULL,
    placed_by uuid NOT NULL,
    placed_at timestamptz NOT NULL,
    lifted_at timestamptz
);
CREATE INDEX legal_hold_subject ON legal_hold (subject) WHERE lifted_at IS NULL;
CREATE INDEX emergency_citizen ON emergency (citizen) WHERE citizen IS NOT NULL;

-- What people have asked to be done with their data, and by when it has to be.
CREATE TABLE subject_request (
    id uuid NOT NULL PRIMARY KEY,
    citizen uuid NOT NULL,
    kind text NOT NULL,
    status text NOT NULL,
    words bytea NOT NULL,
    received_at timestamptz NOT NULL,
    acknowledge_by timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    acknowledged_at timestamptz,
    extended boolean NOT NULL,
    closed_at timestamptz,
    answer bytea
);
CREATE INDEX subject_request_citizen ON subject_request (citizen, id);
CREATE INDEX subject_request_open ON subject_request (due_at, id) WHERE closed_at IS NULL;

-- Children whose guardians speak for them: name and birthday, sealed.
CREATE TABLE child (
    id uuid NOT NULL PRIMARY KEY,
    guardian uuid NOT NULL REFERENCES citizen (id) ON DELETE CASCADE,
    card bytea NOT NULL,
    added_at timestamptz NOT NULL
);
CREATE INDEX child_guardian ON child (guardian, id);
