DROP TABLE facility_correction;
DROP TABLE notice;
