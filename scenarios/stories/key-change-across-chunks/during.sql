-- at: before chunk 3 of moved
UPDATE moved SET id = 995, note = 'forward' WHERE id = 50;
UPDATE moved SET id = 15, note = 'backward' WHERE id = 950;
UPDATE moved SET id = id + 1 WHERE id BETWEEN 100 AND 700 ORDER BY id DESC;
UPDATE pairs SET a = 9 - a;

-- at: inside chunk 4 of moved
UPDATE moved SET id = 7, note = 'there and back' WHERE id = 995;
UPDATE moved SET id = 999 WHERE id = 10;
UPDATE moved SET id = 10 WHERE id = 999;
UPDATE pairs SET b = CONCAT('z', b) WHERE v % 3 = 0;

-- at: before chunk 5 of moved
UPDATE moved SET id = id - 1 WHERE id BETWEEN 101 AND 701 ORDER BY id;
UPDATE moved SET id = 7000 WHERE id = 7;

-- at: applying
UPDATE moved SET id = -id;
UPDATE pairs SET a = a + 100, b = REVERSE(b);
