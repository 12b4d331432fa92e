-- Businesses. Many may claim a tax code; one of them can be verified. It is sealed: that of a
-- household business is the number of a person.
CREATE TABLE business (
    id BLOB NOT NULL PRIMARY KEY,
    tax_code BLOB NOT NULL,
    tax_lookup BLOB NOT NULL,
    name TEXT NOT NULL,
    commune TEXT NOT NULL,
    address TEXT,
    standing TEXT NOT NULL,
    reason TEXT,
    registered_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX business_verified ON business (tax_lookup) WHERE standing = 'verified';
CREATE INDEX business_waiting ON business (registered_at, id) WHERE standing = 'pending';

CREATE TABLE business_member (
    business BLOB NOT NULL,
    citizen BLOB NOT NULL,
    role TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (business, citizen)
) STRICT;
CREATE INDEX business_member_citizen ON business_member (citizen);

-- One invitation for a phone, which is kept as a keyed digest.
CREATE TABLE business_invitation (
    id BLOB NOT NULL PRIMARY KEY,
    business BLOB NOT NULL,
    phone BLOB NOT NULL,
    role TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    UNIQUE (business, phone)
) STRICT;
CREATE INDEX business_invitation_phone ON business_invitation (phone);

CREATE TABLE business_site (
    id BLOB NOT NULL PRIMARY KEY,
    business BLOB NOT NULL,
    name TEXT NOT NULL,
    commune TEXT NOT NULL,
    address TEXT,
    lat REAL,
    lon REAL,
    added_at INTEGER NOT NULL
) STRICT;
CREATE INDEX business_site_business ON business_site (business, added_at);

-- Keys of the systems of businesses; what proves one is kept as a keyed digest.
CREATE TABLE api_key (
    id BLOB NOT NULL PRIMARY KEY,
    business BLOB NOT NULL,
    name TEXT NOT NULL,
    prefix TEXT NOT NULL UNIQUE,
    secret BLOB NOT NULL,
    scopes TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
CREATE INDEX api_key_business ON api_key (business, made_at);
