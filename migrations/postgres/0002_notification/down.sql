DROP TABLE outbox_message;
DROP TABLE inbox_message;
