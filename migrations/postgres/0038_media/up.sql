-- What was uploaded: photos, videos and sounds, from their first byte on. The bytes themselves are
-- files, all of one under its id.
CREATE TABLE media (
    id uuid NOT NULL PRIMARY KEY,
    citizen uuid,
    staff uuid,
    counted_as bytea,
    state text NOT NULL,
    length bigint,
    received bigint NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    format text,
    width bigint,
    height bigint,
    taken_at timestamptz,
    lat double precision,
    lon double precision,
    sha256 bytea,
    clean boolean NOT NULL,
    flaw text,
    subject_kind text,
    subject uuid,
    stage text NOT NULL,
    linked_at timestamptz,
    moderation text NOT NULL
);
CREATE INDEX media_subject ON media (subject, linked_at) WHERE subject IS NOT NULL;
CREATE INDEX media_citizen ON media (citizen, created_at) WHERE citizen IS NOT NULL;
CREATE INDEX media_counted ON media (counted_as) WHERE counted_as IS NOT NULL;
CREATE INDEX media_due ON media (state, expires_at) WHERE expires_at IS NOT NULL;

-- The files that hold what has arrived of something, until all of it has.
CREATE TABLE media_part (
    media uuid NOT NULL,
    start bigint NOT NULL,
    length bigint NOT NULL,
    name text NOT NULL,
    PRIMARY KEY (media, start)
);
