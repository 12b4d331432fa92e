-- Notices that staff entered, or that were taken from calendars. They stay for some time after they
-- ended or were withdrawn.
CREATE TABLE notice (
    id uuid NOT NULL PRIMARY KEY,
    agency text NOT NULL,
    calendar text,
    kind text NOT NULL,
    title text NOT NULL,
    text text NOT NULL,
    area text NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz,
    source text NOT NULL,
    version bigint NOT NULL,
    withdrawn_at timestamptz
);
CREATE INDEX notice_starts_at ON notice (starts_at, id);
CREATE INDEX notice_ends_at ON notice (ends_at) WHERE ends_at IS NOT NULL;
CREATE INDEX notice_withdrawn_at ON notice (withdrawn_at) WHERE withdrawn_at IS NOT NULL;

-- What staff know better about a facility than the list it was imported with.
CREATE TABLE facility_correction (
    facility text NOT NULL PRIMARY KEY,
    opening_hours text,
    phone text,
    version bigint NOT NULL
);
