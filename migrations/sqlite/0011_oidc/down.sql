DROP TABLE citizen_identity;
DROP TABLE oidc_hand_over;
DROP TABLE oidc_flow;
