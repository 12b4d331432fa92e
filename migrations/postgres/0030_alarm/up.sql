-- What no query asks for stands together in `course`, so that there is room for when a call is looked
-- at next, by the clock alone, and for who was called to it from elsewhere.
ALTER TABLE emergency ADD COLUMN course text;
ALTER TABLE emergency ADD COLUMN alarm_at timestamptz;
ALTER TABLE emergency ADD COLUMN called text;
UPDATE emergency SET course = jsonb_strip_nulls(jsonb_build_object(
    'units', units::jsonb, 'before_merge', before_merge, 'transfer', transfer::jsonb
))::text WHERE units IS NOT NULL OR before_merge IS NOT NULL OR transfer IS NOT NULL;
-- Whatever is open is looked at once.
UPDATE emergency SET alarm_at = queued_at WHERE urgency IS NOT NULL;
ALTER TABLE emergency DROP COLUMN units;
ALTER TABLE emergency DROP COLUMN before_merge;
ALTER TABLE emergency DROP COLUMN transfer;
CREATE INDEX emergency_alarm ON emergency (alarm_at) WHERE alarm_at IS NOT NULL;
