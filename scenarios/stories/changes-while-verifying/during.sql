-- at: verifying
UPDATE fact SET v = v + 1000 WHERE id % 3 = 0;
DELETE FROM fact WHERE id % 50 = 0;
INSERT INTO fact VALUES (1000, 1), (-1, 2);
UPDATE fact SET id = id + 5000 WHERE id % 40 = 1;
UPDATE keyless SET v = 0 LIMIT 5;
INSERT INTO keyless VALUES (0), (1);
