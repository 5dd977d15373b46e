-- at: inside chunk 1 of reading
UPDATE reading SET d = 2 WHERE BINARY name = 'a' LIMIT 1;
UPDATE reading SET d = 3 WHERE name IS NULL LIMIT 1;

-- at: applying
UPDATE reading SET d = 4 WHERE BINARY name = 'A' LIMIT 1;
UPDATE reading SET d = 5 WHERE BINARY name = 'a ' LIMIT 1;
UPDATE reading SET f = f + 1 WHERE name = 'ä';
UPDATE reading SET name = 'now named' WHERE name IS NULL LIMIT 1;
UPDATE reading SET b = NULL WHERE name = '';
UPDATE reading SET j = JSON_SET(COALESCE(j, '{}'), '$.n', 1);
DELETE FROM reading WHERE name = 'minus zero';
INSERT INTO reading SELECT * FROM reading;
UPDATE reading SET t = '2026-02-02 02:02:02.000002' WHERE BINARY name = 'a' LIMIT 1;
