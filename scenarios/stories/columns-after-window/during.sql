-- at: applying
UPDATE product SET name = 'layout 1' WHERE id = 1;
ALTER TABLE product ADD COLUMN color VARCHAR(10) NOT NULL DEFAULT 'red' AFTER name;
UPDATE product SET name = 'layout 2', color = 'blue' WHERE id = 2;
ALTER TABLE product DROP COLUMN price;
UPDATE product SET name = 'layout 3', color = 'green' WHERE id = 3;
ALTER TABLE product MODIFY COLUMN name VARCHAR(60) NOT NULL, ADD COLUMN price BIGINT FIRST;
UPDATE product SET name = 'layout 4, which is much longer than the old twenty', price = id WHERE id > 3;
ALTER TABLE product CHANGE COLUMN color colour VARCHAR(12);
INSERT INTO product (price, id, name, colour) VALUES (1, 101, 'layout 5', NULL);
ALTER TABLE product ALTER COLUMN colour SET DEFAULT 'grey';
INSERT INTO product (price, id, name) VALUES (1, 102, 'layout 6');
ALTER TABLE stamped ADD COLUMN made TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6);
UPDATE stamped SET v = v + 1 WHERE id < 10;
ALTER TABLE numbered ADD COLUMN id BIGINT AUTO_INCREMENT PRIMARY KEY;
DELETE FROM numbered WHERE id % 3 = 0;
