-- at: before chunk 3 of account
SET SESSION sql_mode = CONCAT(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO');
UPDATE account SET v = 'changed' WHERE id IN (0, -50, 50, -2147483648);
DELETE FROM account WHERE id = -1;
INSERT INTO account VALUES (-51, 'below'), (2147483647, 'most');

-- at: applying
DELETE FROM account WHERE id = 0;
INSERT INTO account VALUES (0, 'zero again');
UPDATE account SET id = -60 WHERE id = 10;
UPDATE wide SET v = v + 1;
INSERT INTO wide VALUES (9223372036854775808, 7);
DELETE FROM tiny WHERE id = 0;
INSERT INTO tiny VALUES (0, 4);
