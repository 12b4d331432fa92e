DROP TABLE agency;
DROP TABLE staff_invitation;
DROP TABLE recovery_code;
DROP TABLE staff_totp;
DROP TABLE login_tries;
DROP INDEX event_session_ended;
ALTER TABLE staff_member DROP COLUMN version;
