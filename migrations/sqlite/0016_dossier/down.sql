DROP TABLE dossier_source;
DROP TABLE dossier_follower;
DROP TABLE dossier;
