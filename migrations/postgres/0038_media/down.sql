DROP TABLE media_part;
DROP TABLE media;
