-- at: inside chunk 1 of orders
UPDATE orders SET amount = 500, note = 'comes in' WHERE id IN (1, 2, 90);
UPDATE orders SET amount = -1, note = 'goes out' WHERE id IN (25, 80, 81);
UPDATE orders SET amount = amount + 1 WHERE id BETWEEN 30 AND 40;

-- at: before chunk 3 of orders
DELETE FROM orders WHERE id IN (5, 50);
UPDATE orders SET id = id + 1000 WHERE id IN (3, 60, 95);
UPDATE orders SET code = 800, amount = 3 WHERE id = 4;

-- at: inside chunk 1 of reading
UPDATE reading SET v = 8 WHERE w = 'low';
UPDATE reading SET v = 2 WHERE w = 'high' LIMIT 1;

-- at: applying
INSERT INTO orders VALUES (200, 1, 'open', '2026-01-02', 200, 'in'), (201, -1, 'open', '2026-01-02', 201, 'out'), (202, NULL, NULL, NULL, 202, 'unknown');
UPDATE orders SET amount = -5 WHERE id = 200;
UPDATE orders SET amount = 5 WHERE id = 201;
UPDATE orders SET state = 'void' WHERE id = 201;
UPDATE orders SET note = 'still out' WHERE id IN (85, 86);
-- a value of the unique key goes from a row that goes out to one that comes in
UPDATE orders SET amount = -7, code = 900 WHERE id = 70;
UPDATE orders SET amount = 7, code = 70 WHERE id = 92;
UPDATE orders SET id = id + 2000, amount = -amount WHERE id IN (33, 34, 88);
DELETE FROM orders WHERE id IN (15, 66);
UPDATE reading SET v = NULL WHERE w = 'low';
UPDATE reading SET v = 10 WHERE w = 'none';
DELETE FROM reading WHERE w = 'high' LIMIT 1;
INSERT INTO reading VALUES (6, 'new'), (6, 'new'), (4, 'new');
UPDATE log_a SET level = 4 - level;
INSERT INTO log_b VALUES (3, 2), (4, 1);
CREATE TABLE log_c (id INT PRIMARY KEY, level INT);
INSERT INTO log_c VALUES (1, 1), (2, 2);
ALTER TABLE orders ADD COLUMN extra INT DEFAULT 3, DROP COLUMN note;
UPDATE orders SET amount = 9, extra = 4 WHERE id IN (16, 17, 93);
-- the condition means something else now: rows that were out may be in
ALTER TABLE log_a MODIFY level DECIMAL(5, 1);
UPDATE log_a SET level = 1.6 WHERE id = 3;
UPDATE whole SET amount = -amount;
