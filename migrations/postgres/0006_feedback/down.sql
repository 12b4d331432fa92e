DROP TABLE feedback_report;
