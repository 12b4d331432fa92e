DROP TABLE open_data_file;
DROP INDEX feedback_report_agency_submitted;
DROP INDEX feedback_report_submitted;
