-- at: loading
DELETE FROM entry WHERE kind = 'k1' LIMIT 1;
INSERT INTO entry VALUES ('k1', 1, NULL);

-- at: inside chunk 1 of entry
DELETE FROM entry WHERE kind = 'k2' AND amount = 2 LIMIT 3;
INSERT INTO entry SELECT * FROM entry WHERE kind = 'k3';
INSERT INTO entry VALUES (NULL, NULL, NULL);

-- at: before chunk 3 of later
DELETE FROM entry WHERE kind IS NULL LIMIT 2;
INSERT INTO entry VALUES ('k2', 2, NULL), ('k2', 2, NULL), ('k2', 2, NULL);

-- at: applying
DELETE FROM entry WHERE kind = 'k4' LIMIT 7;
INSERT INTO entry SELECT * FROM entry;
DELETE FROM entry WHERE kind = 'k0' LIMIT 1;
