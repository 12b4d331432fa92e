ALTER TABLE emergency DROP COLUMN units;
DROP TABLE assignment;
DROP TABLE unit_crew;
DROP TABLE unit;
