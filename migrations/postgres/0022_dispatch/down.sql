DROP TABLE emergency_link;
DROP TABLE emergency_trace;
DROP TABLE emergency_note;
ALTER TABLE emergency DROP COLUMN before_merge;
