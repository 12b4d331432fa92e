-- When the clock looks next at how somebody is reached who reported something at a desk; nothing where
-- that is not known, or not any more.
ALTER TABLE feedback_intake ADD COLUMN contact_look_at INTEGER;
UPDATE feedback_intake SET contact_look_at = submitted_at WHERE contact IS NOT NULL;
CREATE INDEX feedback_intake_contact ON feedback_intake (contact_look_at)
    WHERE contact_look_at IS NOT NULL;

-- Until now reports were as pressing as their category; what differs from the usual stands in `course`.
UPDATE feedback_report SET course = json_set(course, '$.urgency', pressing.urgency)
FROM (SELECT id AS report, COALESCE(
        (SELECT json_extract(body, '$.urgency') FROM feedback_category c
            WHERE c.code = r.category ORDER BY c.version DESC LIMIT 1),
        CASE WHEN category IN (
            'road.subsidence', 'road.manhole', 'lighting.cable', 'water.flood',
            'construction.unsafe', 'security.child', 'food.poisoning', 'health.epidemic',
            'farming.forest_fire', 'farming.dyke')
        THEN 'urgent' WHEN category IN (
            'road.bridge', 'lighting.outage', 'water.outage', 'water.quality',
            'water.leak', 'environment.river', 'environment.factory', 'environment.mining',
            'environment.tree', 'security.disorder', 'security.drugs', 'security.lending',
            'security.fire_safety', 'security.racing', 'food.unsafe', 'education.violence',
            'price.fuel', 'social.homeless', 'farming.logging', 'farming.disease')
        THEN 'high' END) AS urgency
    FROM feedback_report r) AS pressing
WHERE id = pressing.report AND pressing.urgency IN ('high', 'urgent');

-- How pressing a report is (0 normal, 1 high, 2 urgent), how many support it, and what follows from both
-- as `Urgency::raised_by` has it: its priority, on the same scale.
ALTER TABLE feedback_report ADD COLUMN urgency INTEGER GENERATED ALWAYS AS (
    CASE json_extract(course, '$.urgency') WHEN 'urgent' THEN 2 WHEN 'high' THEN 1 ELSE 0 END
) VIRTUAL;
ALTER TABLE feedback_report ADD COLUMN supports INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feedback_report ADD COLUMN priority INTEGER GENERATED ALWAYS AS (
    CASE WHEN supports >= 50 THEN 2
        WHEN supports >= 10 AND json_extract(course, '$.urgency') IN ('high', 'urgent') THEN 2
        WHEN supports >= 10 THEN 1
        ELSE CASE json_extract(course, '$.urgency') WHEN 'urgent' THEN 2 WHEN 'high' THEN 1 ELSE 0 END END
) VIRTUAL;
ALTER TABLE feedback_report ADD COLUMN legal_track TEXT GENERATED ALWAYS AS (
    json_extract(course, '$.legal_track')
) VIRTUAL;
-- `folded` holds title, text and address in words between spaces from now on.
UPDATE feedback_report SET
    supports = (SELECT count(*) FROM feedback_support s WHERE s.report = feedback_report.id),
    folded = replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(' ' || folded || ' ', char(10), ' '), '.', ' '), ',', ' '), ';', ' '), ':', ' '), '!', ' '), '?', ' '), '(', ' '), ')', ' '), '-', ' '), '/', ' '), '"', ' '), '''', ' ');

-- What waits, in the order of its rank, then of its due date; and the queue with what it is narrowed by.
CREATE INDEX feedback_report_pressing ON feedback_report
    (priority DESC, due_at, id, category, commune, status, agency, assignee, urgency)
    WHERE status IN ('submitted', 'accepted', 'assigned', 'in_progress', 'needs_info');
CREATE INDEX feedback_report_pressing_agency ON feedback_report
    (agency, priority DESC, due_at, id, category, commune, status, assignee, urgency)
    WHERE status IN ('submitted', 'accepted', 'assigned', 'in_progress', 'needs_info');
CREATE INDEX feedback_report_supported ON feedback_report
    (supports DESC, due_at, id, category, commune, status, agency, assignee, urgency)
    WHERE status IN ('submitted', 'accepted', 'assigned', 'in_progress', 'needs_info');
CREATE INDEX feedback_report_supported_agency ON feedback_report
    (agency, supports DESC, due_at, id, category, commune, status, assignee, urgency)
    WHERE status IN ('submitted', 'accepted', 'assigned', 'in_progress', 'needs_info');
CREATE INDEX feedback_report_legal ON feedback_report (legal_track, due_at, id)
    WHERE legal_track IS NOT NULL;
DROP INDEX feedback_report_open;
DROP INDEX feedback_report_open_agency;
CREATE INDEX feedback_report_open ON feedback_report
    (due_at, id, category, commune, status, agency, assignee, urgency)
    WHERE status IN ('submitted', 'accepted', 'assigned', 'in_progress');
CREATE INDEX feedback_report_open_agency ON feedback_report
    (agency, due_at, id, category, commune, status, assignee, urgency)
    WHERE status IN ('submitted', 'accepted', 'assigned', 'in_progress');

-- Which reports hold which words. `report` is the id in hexadecimal digits, to be found by it.
CREATE VIRTUAL TABLE feedback_words USING fts5 (report, folded, tokenize = 'ascii');
INSERT INTO feedback_words (feedback_words, rank) VALUES ('secure-delete', 1);
INSERT INTO feedback_words (report, folded) SELECT lower(hex(id)), folded FROM feedback_report;
CREATE TRIGGER feedback_words_added AFTER INSERT ON feedback_report BEGIN
    INSERT INTO feedback_words (report, folded) VALUES (lower(hex(new.id)), new.folded);
END;
CREATE TRIGGER feedback_words_changed AFTER UPDATE OF folded ON feedback_report
WHEN old.folded IS NOT new.folded BEGIN
    UPDATE feedback_words SET folded = new.folded WHERE rowid IN
        (SELECT rowid FROM feedback_words
            WHERE feedback_words MATCH ('report : "' || lower(hex(new.id)) || '"'));
END;
CREATE TRIGGER feedback_words_gone AFTER DELETE ON feedback_report BEGIN
    DELETE FROM feedback_words WHERE rowid IN
        (SELECT rowid FROM feedback_words
            WHERE feedback_words MATCH ('report : "' || lower(hex(old.id)) || '"'));
END;
