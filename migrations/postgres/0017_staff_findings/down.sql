-- What is sealed cannot be opened here: to go back with the data, restore the backup taken before.
DELETE FROM sealing_task WHERE "column" = 'legal_hold.reason';
ALTER TABLE legal_hold ALTER COLUMN reason TYPE text USING '';
