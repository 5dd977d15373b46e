-- at: before chunk 2 of stock
DELETE FROM stock WHERE id IN (3, 33, 63, 93);
INSERT INTO stock VALUES (3, 1, 1), (33, 2, 1), (63, 3, 1), (93, 4, 1);

-- at: before chunk 3 of stock
BEGIN;
DELETE FROM stock;
INSERT INTO stock
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
SELECT i, 5000 + i, 2 FROM n;
COMMIT;

-- at: before chunk 5 of stock
DELETE FROM stock WHERE id % 7 = 0;
INSERT INTO stock VALUES (7, 1, 3), (14, 2, 3), (91, 3, 3);

-- at: applying
-- times: 20
BEGIN;
DELETE FROM stock WHERE id = 50;
INSERT INTO stock VALUES (50, 50, @i);
COMMIT;
DELETE FROM stock WHERE id = 51;
INSERT INTO stock VALUES (51, 9000 + @i, @i);
