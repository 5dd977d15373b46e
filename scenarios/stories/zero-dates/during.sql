-- at: before chunk 2 of old
SET SESSION sql_mode = 'ALLOW_INVALID_DATES';
UPDATE old SET d = '2026-02-31', dt = '0000-00-00 10:00:00' WHERE id < 20;
INSERT INTO old (id) VALUES (1000);

-- at: applying
UPDATE old SET d = '0000-00-00', ts = '0000-00-00 00:00:00', t = '-00:00:01.5' WHERE id % 2 = 0;
UPDATE old SET d = '2027-00-10', y = 0 WHERE id % 2 = 1;
INSERT INTO old (id) VALUES (1001);
UPDATE by_day SET d = '0000-00-01' WHERE d = '0000-00-00';
DELETE FROM by_day WHERE d = '2026-02-31';
INSERT INTO by_day VALUES ('0000-00-00', 6);
