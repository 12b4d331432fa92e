ALTER TABLE otp_challenge DROP COLUMN source;
DROP TABLE allowance;
