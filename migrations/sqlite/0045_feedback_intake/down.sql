DROP TABLE feedback_intake;
