DROP TABLE feedback_entry;
DROP INDEX feedback_report_merged;
DROP INDEX feedback_report_asked;
ALTER TABLE feedback_report DROP COLUMN history_link;
ALTER TABLE feedback_report DROP COLUMN history_number;
ALTER TABLE feedback_report DROP COLUMN course;
ALTER TABLE feedback_report DROP COLUMN merged_into;
ALTER TABLE feedback_report DROP COLUMN resolved_at;
