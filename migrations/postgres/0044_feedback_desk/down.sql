DROP INDEX feedback_report_sealed;
DROP INDEX feedback_report_tasks;
DROP INDEX feedback_report_open_agency;
DROP INDEX feedback_report_open;
DROP INDEX feedback_report_status_queue;
CREATE INDEX feedback_report_queue ON feedback_report (due_at, id);
DROP TABLE feedback_filter;
DROP TABLE feedback_template;
