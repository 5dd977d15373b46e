-- at: before chunk 2 of person
UPDATE person SET last = 'before' WHERE id IN (1, 50, 99);
ALTER TABLE person ADD COLUMN middle VARCHAR(20) DEFAULT 'none' AFTER first;
UPDATE person SET middle = 'after', last = 'after' WHERE id IN (2, 51, 98);
INSERT INTO person VALUES (101, 'a', 'b', 'c');

-- at: before chunk 3 of other
ALTER TABLE other ADD COLUMN w INT FIRST, DROP COLUMN v;
UPDATE other SET w = id;

-- at: applying
UPDATE person SET middle = CONCAT(first, last) WHERE id % 2 = 0;
