DROP TABLE emergency_probe;
DROP TABLE emergency_question;
DROP TABLE emergency_callback;
DROP TABLE emergency_correction;
