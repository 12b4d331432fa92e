-- What citizens and businesses reported. `published_at` is set exactly while a report is public;
-- `folded` holds title, text and address as they are searched.
CREATE TABLE feedback_report (
    id uuid NOT NULL PRIMARY KEY,
    code text NOT NULL UNIQUE,
    version bigint NOT NULL,
    category text NOT NULL,
    title text,
    text text NOT NULL,
    lat double precision,
    lon double precision,
    commune text,
    address text,
    attributes text NOT NULL,
    reporter uuid,
    confidential boolean NOT NULL,
    agency text NOT NULL,
    assignee uuid,
    status text NOT NULL,
    status_since timestamptz NOT NULL,
    visibility text NOT NULL,
    published_at timestamptz,
    answer text,
    rejection_reason text,
    rejection_go_to text,
    submitted_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    folded text NOT NULL
);
CREATE INDEX feedback_report_reporter ON feedback_report (reporter, submitted_at, id)
    WHERE reporter IS NOT NULL;
CREATE INDEX feedback_report_queue ON feedback_report (due_at, id);
CREATE INDEX feedback_report_agency_queue ON feedback_report (agency, due_at, id);
CREATE INDEX feedback_report_resolved ON feedback_report (status_since) WHERE status = 'resolved';
CREATE INDEX feedback_report_published ON feedback_report (published_at, id)
    WHERE published_at IS NOT NULL;
CREATE INDEX feedback_report_published_place ON feedback_report (lat, lon)
    WHERE published_at IS NOT NULL;
CREATE INDEX feedback_report_similar ON feedback_report (category, lat) WHERE lat IS NOT NULL;
