DROP TABLE emergency_record;
DROP TABLE event_bookmark;
