-- at: inside chunk 1 of a
UPDATE a SET v = 'a changed' WHERE id = 1;
INSERT INTO b VALUES (2, 'b in');

-- at: applying
INSERT INTO a VALUES (3, 'a in');
DELETE FROM b WHERE id = 1;
UPDATE ${db}_two.t SET v = 2;
ALTER TABLE a ADD COLUMN w INT DEFAULT 5;
ALTER TABLE b ADD COLUMN x INT DEFAULT 6, ADD KEY b_v (v);
UPDATE a SET w = 7 WHERE id = 2;
INSERT INTO b VALUES (9, 'b last', 1);
INSERT INTO child VALUES (3, 3);
TRUNCATE TABLE ${db}_two.t;
INSERT INTO ${db}_two.t VALUES (5, 5);
