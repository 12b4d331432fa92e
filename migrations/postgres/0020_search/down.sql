DROP TABLE search_unanswered;
DROP TABLE search_rule;
