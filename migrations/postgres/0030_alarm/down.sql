DROP INDEX emergency_alarm;
ALTER TABLE emergency ADD COLUMN before_merge text;
ALTER TABLE emergency ADD COLUMN transfer text;
ALTER TABLE emergency ADD COLUMN units text;
UPDATE emergency SET
    units = (course::jsonb -> 'units')::text,
    before_merge = course::jsonb ->> 'before_merge',
    transfer = (course::jsonb -> 'transfer')::text
WHERE course IS NOT NULL;
ALTER TABLE emergency DROP COLUMN called;
ALTER TABLE emergency DROP COLUMN alarm_at;
ALTER TABLE emergency DROP COLUMN course;
