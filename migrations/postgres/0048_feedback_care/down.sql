DROP INDEX feedback_report_words;
DROP INDEX feedback_report_open_agency;
DROP INDEX feedback_report_open;
DROP INDEX feedback_report_legal;
DROP INDEX feedback_report_supported_agency;
DROP INDEX feedback_report_supported;
DROP INDEX feedback_report_pressing_agency;
DROP INDEX feedback_report_pressing;
ALTER TABLE feedback_report DROP COLUMN legal_track;
ALTER TABLE feedback_report DROP COLUMN priority;
ALTER TABLE feedback_report DROP COLUMN supports;
ALTER TABLE feedback_report DROP COLUMN urgency;
CREATE INDEX feedback_report_open ON feedback_report
    (due_at, id, category, commune, status, agency, assignee)
    WHERE status IN ('submitted', 'accepted', 'assigned', 'in_progress');
CREATE INDEX feedback_report_open_agency ON feedback_report
    (agency, due_at, id, category, commune, status, assignee)
    WHERE status IN ('submitted', 'accepted', 'assigned', 'in_progress');
DROP INDEX feedback_intake_contact;
ALTER TABLE feedback_intake DROP COLUMN contact_look_at;
