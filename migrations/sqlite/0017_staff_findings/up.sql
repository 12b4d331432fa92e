-- What legal holds rest on is sealed from here on. What stands in the clear is marked by sixteen
-- zeros in the place of the id of a key; the service seals it when it starts.
ALTER TABLE legal_hold ADD COLUMN sealed BLOB NOT NULL DEFAULT x'';
UPDATE legal_hold SET sealed = CAST(zeroblob(16) || CAST(reason AS BLOB) AS BLOB);
ALTER TABLE legal_hold DROP COLUMN reason;
ALTER TABLE legal_hold RENAME COLUMN sealed TO reason;
INSERT INTO sealing_task ("column", done_up_to) VALUES ('legal_hold.reason', zeroblob(16));
