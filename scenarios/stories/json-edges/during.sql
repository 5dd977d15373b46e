-- at: before chunk 2 of doc
UPDATE doc SET j = JSON_SET(j, '$.i', 18446744073709551615) WHERE id BETWEEN 30 AND 40;

-- at: applying
INSERT INTO doc SELECT id + 1000, j, note FROM doc;
UPDATE doc SET j = JSON_SET(j, '$.text', 'changed 😀') WHERE id > 1050;
UPDATE doc SET j = JSON_REMOVE(j, '$.big') WHERE id = 21;
UPDATE doc SET j = 'null' WHERE id = 4;
UPDATE doc SET j = NULL WHERE id = 3;
UPDATE doc SET j = JSON_ARRAY_APPEND(j, '$', 1.0) WHERE id = 2;
