DROP TABLE calendar_round;
DROP TABLE directory_list;
DROP TABLE directory_change;
