DROP INDEX event_session_ended;
ALTER TABLE staff_member DROP COLUMN version;
