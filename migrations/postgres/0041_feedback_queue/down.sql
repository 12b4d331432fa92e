DROP INDEX feedback_report_agency_open;
DROP INDEX feedback_report_open;
