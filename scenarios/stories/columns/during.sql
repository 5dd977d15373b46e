-- at: inside chunk 1 of users
UPDATE users SET password = 'changed' WHERE id < 30;
UPDATE users SET nick = CONCAT('new', id) WHERE id BETWEEN 10 AND 25;
UPDATE users SET password = 'gone' WHERE id IN (3, 40, 77);

-- at: before chunk 3 of users
UPDATE users SET id = id + 1000 WHERE id IN (4, 60, 95);
DELETE FROM users WHERE id IN (5, 61);
UPDATE users SET password = 'back' WHERE id = 3;

-- at: inside chunk 1 of seen
UPDATE seen SET hidden = 'z' WHERE v = 1;
UPDATE seen SET w = 'xx' WHERE hidden = 'z' LIMIT 1;

-- at: applying
INSERT INTO users VALUES (200, 'twohundred', 'secret', '2000-01-01'), (201, 'other', 'gone', NULL);
UPDATE users SET password = NULL WHERE id IN (40, 201);
UPDATE users SET password = 'gone' WHERE id IN (50, 51);
-- a value of the unique key goes from one row to another
UPDATE users SET nick = NULL WHERE id = 70;
UPDATE users SET nick = 'nick70' WHERE id = 71;
UPDATE items SET cost = cost * 2;
UPDATE items SET price = price * 2, cost = 0 WHERE id < 10;
UPDATE items SET id = id + 500 WHERE id IN (20, 21);
INSERT INTO sale VALUES (4, 520), (5, 4);
INSERT INTO seen VALUES (7, 'n', 'new'), (7, 'm', 'new');
DELETE FROM seen WHERE hidden = 'n';
UPDATE seen SET v = 8, hidden = NULL WHERE hidden = 'c';
UPDATE log_a SET note = CONCAT(note, '!'), level = level + 1;
UPDATE log_a SET note = REPEAT('long', 100);
CREATE TABLE log_b (id INT PRIMARY KEY, note TEXT, level INT);
INSERT INTO log_b VALUES (1, 'stays', 1);
-- nothing that moves of this table changes
ALTER TABLE items ADD COLUMN stock INT DEFAULT 3, DROP KEY items_cost;
UPDATE items SET stock = 4, price = 9 WHERE id = 1;
INSERT INTO items VALUES (900, 'more', 1, 2, 3);
-- and here something does
ALTER TABLE users ADD COLUMN city VARCHAR(20) DEFAULT 'Xian';
UPDATE users SET city = 'Ulm', password = 'other' WHERE id = 9;
