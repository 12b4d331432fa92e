-- Who registered a business, while they act for it. Nobody registers one tax code twice.
ALTER TABLE business ADD COLUMN registered_by BLOB;
CREATE UNIQUE INDEX business_registered_by ON business (registered_by, tax_lookup);

-- Who made a key.
ALTER TABLE api_key ADD COLUMN made_by BLOB;
CREATE INDEX api_key_made_by ON api_key (made_by) WHERE made_by IS NOT NULL;

-- What waits for an officer: to be verified, or for a new owner.
DROP INDEX business_waiting;
CREATE INDEX business_waiting ON business (registered_at, id)
    WHERE standing IN ('pending', 'ownerless');
