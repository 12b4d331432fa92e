-- What waits for an answer, in the order of the queue: a desk that answered a million reports finds
-- the open ones without walking past the others.
CREATE INDEX feedback_report_open ON feedback_report (due_at, id)
    WHERE status IN ('submitted', 'accepted', 'assigned', 'in_progress');
CREATE INDEX feedback_report_agency_open ON feedback_report (agency, due_at, id)
    WHERE status IN ('submitted', 'accepted', 'assigned', 'in_progress');
