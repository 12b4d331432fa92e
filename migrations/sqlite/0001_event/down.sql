DROP TABLE event_position;
DROP TABLE event;
