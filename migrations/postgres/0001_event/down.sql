DROP SEQUENCE event_position_seq;
DROP TABLE event;
