DROP TABLE procedure_version;
DROP TABLE catalogue_edition;
