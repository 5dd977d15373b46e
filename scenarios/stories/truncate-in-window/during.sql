-- at: before chunk 2 of event
TRUNCATE TABLE event;
INSERT INTO event
WITH RECURSIVE n (i) AS (SELECT 41 UNION ALL SELECT i + 1 FROM n WHERE i < 140)
SELECT i, 'new' FROM n;
INSERT INTO event VALUES (1, 'new');

-- at: before chunk 3 of quiet
TRUNCATE TABLE keyless;
INSERT INTO keyless VALUES ('after'), ('after');

-- at: applying
DELETE FROM event WHERE id = 1;
TRUNCATE TABLE keyless;
INSERT INTO keyless VALUES ('last');
