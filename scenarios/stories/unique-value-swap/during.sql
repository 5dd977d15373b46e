-- at: before chunk 2 of item
-- A swap between a chunk that was read and one that was not, by way of a free value.
BEGIN;
UPDATE item SET code = 'free' WHERE id = 5;
UPDATE item SET code = 'c5', note = 'took c5' WHERE id = 85;
UPDATE item SET code = 'c85', note = 'took c85' WHERE id = 5;
COMMIT;
-- A chain over all chunks, each value to the next row, in transactions of their own.
UPDATE item SET code = 'chain' WHERE id = 10;
UPDATE item SET code = 'c10' WHERE id = 30;
UPDATE item SET code = 'c30' WHERE id = 50;
UPDATE item SET code = 'c50' WHERE id = 70;
UPDATE item SET code = 'c70' WHERE id = 10;

-- at: inside chunk 3 of item
-- A value moves from a row that was read to a new key in the chunk that is being read.
DELETE FROM item WHERE id = 15;
INSERT INTO item (id, code, note) VALUES (1015, 'c15', 'new key, old value');
UPDATE item SET id = 1020 WHERE id = 20;
INSERT INTO item (id, code, note) VALUES (20, 'c1020', 'old key, new value');

-- at: before chunk 5 of item
UPDATE item SET code = 'c84x' WHERE id = 84;
INSERT INTO item (id, code, note) VALUES (4, 'c84', 'in the way of nobody') ON DUPLICATE KEY UPDATE code = 'c84';

-- at: applying
BEGIN;
UPDATE item SET code = 'tmp' WHERE id = 1;
UPDATE item SET code = 'c1' WHERE id = 2;
UPDATE item SET code = 'c2' WHERE id = 1;
COMMIT;
UPDATE item SET code = CONCAT('x', code) WHERE id BETWEEN 40 AND 60;
UPDATE item SET code = SUBSTRING(code, 2) WHERE id BETWEEN 40 AND 60 ORDER BY id DESC;
REPLACE INTO item (id, code, note) VALUES (3, 'c7', 'evicts row 7 and row 3');
