-- at: before chunk 4 of ledger
BEGIN;
UPDATE ledger SET amount = amount + 1;
UPDATE ledger SET memo = REVERSE(memo), account = account + 1 WHERE id % 2 = 0;
DELETE FROM ledger WHERE id % 10 = 0;
COMMIT;

-- at: applying
SET SESSION cte_max_recursion_depth = 100000;
BEGIN;
INSERT INTO ledger
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
SELECT 100000 + i, i % 100, -i, REPEAT('new ', 20) FROM n;
UPDATE ledger SET amount = amount * 2;
DELETE FROM ledger WHERE id % 3 = 0;
COMMIT;
-- A large one that never was.
BEGIN;
UPDATE ledger SET amount = 0;
ROLLBACK;
