DROP TABLE api_key;
DROP TABLE business_site;
DROP TABLE business_invitation;
DROP TABLE business_member;
DROP TABLE business;
