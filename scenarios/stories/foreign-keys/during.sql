-- at: before chunk 2 of aorder
INSERT INTO zcustomer VALUES (100, 'new', NULL);
INSERT INTO aorder VALUES (100, 100, 5);
UPDATE zcustomer SET favorite = 100 WHERE id = 1;
UPDATE aorder SET previous = NULL WHERE previous = 60;

-- at: before chunk 2 of zcustomer
UPDATE zcustomer SET favorite = NULL WHERE favorite = 60;
DELETE FROM aorder WHERE id = 60;
DELETE FROM zcustomer WHERE id = 1;
INSERT INTO zcustomer VALUES (1, 'again', 100);

-- at: applying
BEGIN;
INSERT INTO zcustomer VALUES (200, 'parent', NULL);
INSERT INTO aorder VALUES (200, 200, NULL), (201, 200, 200), (202, 200, 201);
UPDATE zcustomer SET favorite = 202 WHERE id = 200;
COMMIT;
BEGIN;
UPDATE zcustomer SET favorite = NULL WHERE id = 200;
DELETE FROM aorder WHERE id = 202;
DELETE FROM aorder WHERE id = 201;
DELETE FROM aorder WHERE id = 200;
DELETE FROM zcustomer WHERE id = 200;
COMMIT;
UPDATE aorder SET customer = 2 WHERE customer = 3;
DELETE FROM zcustomer WHERE id = 3;
