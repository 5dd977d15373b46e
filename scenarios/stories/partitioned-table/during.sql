-- at: before chunk 2 of reading
UPDATE reading SET day = DATE_ADD(day, INTERVAL 40 DAY) WHERE id < 30;
UPDATE spread SET id = id + 1001 WHERE id % 2 = 0;

-- at: applying
UPDATE reading SET day = '2026-02-02' WHERE id > 80;
DELETE FROM spread WHERE id > 1050;
ALTER TABLE reading TRUNCATE PARTITION p1;
INSERT INTO reading VALUES (1, '2026-01-05', 5);
