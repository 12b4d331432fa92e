DROP INDEX emergency_alarm;
ALTER TABLE emergency ADD COLUMN before_merge text;
ALTER TABLE emergency ADD COLUMN transfer text;
ALTER TABLE emergency ADD COLUMN units text;
UPDATE emergency SET
    units = json_extract(course, '$.units'),
    before_merge = json_extract(course, '$.before_merge'),
    transfer = json_extract(course, '$.transfer')
WHERE course IS NOT NULL;
ALTER TABLE emergency DROP COLUMN called;
ALTER TABLE emergency DROP COLUMN alarm_at;
ALTER TABLE emergency DROP COLUMN course;
