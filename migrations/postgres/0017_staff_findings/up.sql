-- What legal holds rest on is sealed from here on. What stands in the clear is marked by sixteen
-- zeros in the place of the id of a key; the service seals it when it starts.
ALTER TABLE legal_hold ALTER COLUMN reason TYPE bytea
    USING decode(repeat('00', 16), 'hex') || convert_to(reason, 'UTF8');
INSERT INTO sealing_task ("column", done_up_to)
VALUES ('legal_hold.reason', '00000000-0000-0000-0000-000000000000');
