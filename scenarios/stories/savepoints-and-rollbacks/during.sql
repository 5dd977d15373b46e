-- at: before chunk 2 of step
BEGIN;
UPDATE step SET v = 'stays' WHERE id = 1;
SAVEPOINT `a b`;
UPDATE step SET v = 'goes' WHERE id = 2;
ROLLBACK TO SAVEPOINT `a b`;
SAVEPOINT second;
DELETE FROM step WHERE id IN (3, 63);
RELEASE SAVEPOINT second;
COMMIT;
BEGIN;
DELETE FROM step;
ROLLBACK;

-- at: applying
BEGIN;
INSERT INTO step VALUES (1000, 'first');
SAVEPOINT s;
INSERT INTO step VALUES (1001, 'second');
ROLLBACK TO s;
INSERT INTO step VALUES (1001, 'third');
SAVEPOINT s;
UPDATE step SET v = CONCAT(v, '!');
ROLLBACK TO s;
COMMIT;
INSERT IGNORE INTO step VALUES (2000, 'third'), (2001, 'fourth'), (1, 'fifth');
REPLACE INTO step VALUES (4, 'v5');
