DROP TABLE dataset_row;
DROP TABLE dataset_version;
