UPDATE business SET standing = 'rejected' WHERE standing = 'ownerless';
DROP INDEX business_waiting;
CREATE INDEX business_waiting ON business (registered_at, id) WHERE standing = 'pending';
DROP INDEX api_key_made_by;
ALTER TABLE api_key DROP COLUMN made_by;
DROP INDEX business_registered_by;
ALTER TABLE business DROP COLUMN registered_by;
