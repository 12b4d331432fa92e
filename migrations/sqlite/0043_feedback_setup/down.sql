DROP TABLE feedback_rule;
DROP TABLE feedback_category;
