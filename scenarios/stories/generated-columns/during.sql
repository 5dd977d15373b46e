-- at: before chunk 2 of line
UPDATE line SET amount = amount + 1;
INSERT INTO line (id, amount, price, name) VALUES (1000, 1, 1.5, 'new');

-- at: applying
UPDATE line SET price = price + 0.01, name = CONCAT(name, 'x') WHERE id % 2 = 0;
DELETE FROM line WHERE amount = 10;
INSERT INTO line (id, amount, price, name) VALUES (1001, 2, 2.25, 'newer');
