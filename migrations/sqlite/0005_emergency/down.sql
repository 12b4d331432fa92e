DROP TABLE duty;
DROP TABLE emergency_statement;
DROP TABLE emergency_location;
DROP TABLE emergency;
