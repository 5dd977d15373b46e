-- at: before chunk 2 of note
SET SESSION timestamp = 1000000000;
UPDATE note SET v = 'in the window' WHERE id % 4 = 0;
UPDATE note SET v = 'kept', changed = changed WHERE id % 4 = 1;

-- at: applying
SET SESSION timestamp = 1100000000.123456;
UPDATE note SET v = 'behind the window' WHERE id % 4 = 2;
UPDATE note SET v = 'kept again', changed = changed, precise = precise WHERE id % 4 = 3;
INSERT INTO note (id) VALUES (1000);
UPDATE note SET v = v;
