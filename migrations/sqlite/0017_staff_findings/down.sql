-- What is sealed cannot be opened here: to go back with the data, restore the backup taken before.
DELETE FROM sealing_task WHERE "column" = 'legal_hold.reason';
ALTER TABLE legal_hold DROP COLUMN reason;
ALTER TABLE legal_hold ADD COLUMN reason TEXT NOT NULL DEFAULT '';
