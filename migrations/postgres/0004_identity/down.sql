DROP TABLE "key";
DROP TABLE refresh_token;
DROP TABLE session;
DROP TABLE staff_member;
DROP TABLE otp_challenge;
DROP TABLE citizen;
