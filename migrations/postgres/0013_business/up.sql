-- Businesses. Many may claim a tax code; one of them can be verified. It is sealed: that of a
-- household business is the number of a person.
CREATE TABLE business (
    id uuid NOT NULL PRIMARY KEY,
    tax_code bytea NOT NULL,
    tax_lookup bytea NOT NULL,
    name text NOT NULL,
    commune text NOT NULL,
    address text,
    standing text NOT NULL,
    reason text,
    registered_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX business_verified ON business (tax_lookup) WHERE standing = 'verified';
CREATE INDEX business_waiting ON business (registered_at, id) WHERE standing = 'pending';

CREATE TABLE business_member (
    business uuid NOT NULL,
    citizen uuid NOT NULL,
    role text NOT NULL,
    since timestamptz NOT NULL,
    PRIMARY KEY (business, citizen)
);
CREATE INDEX business_member_citizen ON business_member (citizen);

-- One invitation for a phone, which is kept as a keyed digest.
CREATE TABLE business_invitation (
    id uuid NOT NULL PRIMARY KEY,
    business uuid NOT NULL,
    phone bytea NOT NULL,
    role text NOT NULL,
    expires_at timestamptz NOT NULL,
    UNIQUE (business, phone)
);
CREATE INDEX business_invitation_phone ON business_invitation (phone);

CREATE TABLE business_site (
    id uuid NOT NULL PRIMARY KEY,
    business uuid NOT NULL,
    name text NOT NULL,
    commune text NOT NULL,
    address text,
    lat double precision,
    lon double precision,
    added_at timestamptz NOT NULL
);
CREATE INDEX business_site_business ON business_site (business, added_at);

-- Keys of the systems of businesses; what proves one is kept as a keyed digest.
CREATE TABLE api_key (
    id uuid NOT NULL PRIMARY KEY,
    business uuid NOT NULL,
    name text NOT NULL,
    prefix text NOT NULL UNIQUE,
    secret bytea NOT NULL,
    scopes text NOT NULL,
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX api_key_business ON api_key (business, made_at);
