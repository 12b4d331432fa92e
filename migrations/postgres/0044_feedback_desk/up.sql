-- What officers write again and again, with variables of the report in it.
CREATE TABLE feedback_template (
    id uuid NOT NULL PRIMARY KEY,
    version bigint NOT NULL,
    agency text NOT NULL,
    name text NOT NULL,
    text text NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by uuid NOT NULL
);
CREATE INDEX feedback_template_agency ON feedback_template (agency, name);

-- Queues that officers look at again and again. `query` is what the queue is asked.
CREATE TABLE feedback_filter (
    id uuid NOT NULL PRIMARY KEY,
    version bigint NOT NULL,
    staff uuid NOT NULL,
    agency text NOT NULL,
    shared boolean NOT NULL,
    name text NOT NULL,
    query text NOT NULL
);
CREATE INDEX feedback_filter_staff ON feedback_filter (staff, name);
CREATE INDEX feedback_filter_shared ON feedback_filter (agency, name) WHERE shared;

-- What waits for an answer, in the order in which it is due: answered reports, which are most, are
-- never passed over. What a queue is narrowed by stands in the index, so that only the rows shown
-- are read.
DROP INDEX feedback_report_queue;
CREATE INDEX feedback_report_status_queue ON feedback_report (status, due_at, id);
CREATE INDEX feedback_report_open ON feedback_report
    (due_at, id, category, commune, status, agency, assignee)
    WHERE status IN ('submitted', 'accepted', 'assigned', 'in_progress');
CREATE INDEX feedback_report_open_agency ON feedback_report
    (agency, due_at, id, category, commune, status, assignee)
    WHERE status IN ('submitted', 'accepted', 'assigned', 'in_progress');
CREATE INDEX feedback_report_tasks ON feedback_report (assignee, due_at, id, status, category)
    WHERE assignee IS NOT NULL
    AND status IN ('submitted', 'accepted', 'assigned', 'in_progress', 'needs_info');
CREATE INDEX feedback_report_sealed ON feedback_report (due_at, id) WHERE visibility = 'sealed';
