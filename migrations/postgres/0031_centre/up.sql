-- Which calls for help an agency answers where it is responsible, with spaces between.
ALTER TABLE agency ADD COLUMN kinds text NOT NULL DEFAULT '';
UPDATE agency SET kinds = code WHERE code IN ('police', 'fire', 'medical', 'rescue', 'child');
UPDATE agency SET kinds = 'other' WHERE code = 'desk';
