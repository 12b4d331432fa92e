-- Grows with each change of what somebody is or how they prove it: what was proven by an earlier
-- version means nothing.
ALTER TABLE staff_member ADD COLUMN version bigint NOT NULL DEFAULT 1;

-- The sessions of staff that ended lately are read when a process starts.
CREATE INDEX event_session_ended ON event (at) WHERE kind = 'session.ended';
