-- at: before chunk 2 of item
UPDATE item SET id = 105 WHERE id = 5;

-- at: before chunk 3 of item
UPDATE item SET id = 106 WHERE id = 6;
UPDATE item SET u = 'free' WHERE id = 7;
UPDATE item SET u = 'u7' WHERE id = 50;

-- at: applying
UPDATE item SET u = 'u7 again' WHERE id = 50;
UPDATE item SET u = 'u7' WHERE id = 7;
