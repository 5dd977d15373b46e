-- at: before chunk 2 of by_enum
UPDATE by_enum SET e = 'a' WHERE n % 5 = 0 AND e <> 'a';
UPDATE flags SET b64 = ~b64, b17 = 70000, s = 'ä,x' WHERE id > 20;

-- at: applying
UPDATE flags SET b1 = NOT b1, b8 = b8 ^ 255, e = 'ü', s = 'y z', s64 = 'h7,h8,a1' WHERE id % 2 = 0;
UPDATE flags SET s64 = 18446744073709551615 WHERE id = 1;
UPDATE by_enum SET e = 'm', v = -v WHERE e = 'z';
DELETE FROM by_enum WHERE e = 'a' AND n > 40;
