CREATE INDEX feedback_report_published_place ON feedback_report (lat, lon)
    WHERE published_at IS NOT NULL;
CREATE INDEX feedback_report_similar ON feedback_report (category, lat) WHERE lat IS NOT NULL;
DROP TABLE feedback_comment;
DROP TABLE feedback_news;
DROP TABLE feedback_follow;
DROP TABLE feedback_support;
DROP TABLE feedback_public;
