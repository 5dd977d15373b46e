-- at: before chunk 2 of z_last
INSERT INTO filled_later VALUES (1, 1), (2, 2);
INSERT INTO keyless_later VALUES (1), (1);
DELETE FROM emptied;

-- at: applying
INSERT INTO filled_later VALUES (0, 0), (-1, -1);
INSERT INTO keyless_later VALUES (1);
INSERT INTO emptied VALUES (3);
DELETE FROM emptied;
