-- at: before chunk 2 of word
UPDATE word SET w = UPPER(w) WHERE n < 20;
UPDATE word SET w = 'Aaa' WHERE w = 'zürich';
DELETE FROM word WHERE w = '';
UPDATE word SET n = n + 100;

-- at: before chunk 2 of code
UPDATE code SET c = 'aa' WHERE c = 'a';
UPDATE code SET c = 'a' WHERE c = 'A';
UPDATE code SET n = n + 100;

-- at: inside chunk 2 of raw
UPDATE raw SET b = CONCAT(b, b) WHERE n = 0 AND v IN (2, 3, 4, 7);
UPDATE raw SET v = v + 100;

-- at: before chunk 3 of visit
UPDATE visit SET region = 'cn' WHERE region = 'jp';
UPDATE visit SET seq = -seq WHERE seq % 2 = 0;

-- at: applying
UPDATE word SET w = LOWER(w);
INSERT INTO word VALUES ('', 1);
UPDATE word SET w = 'ÄPFEL' WHERE w = 'Äpfel';
UPDATE code SET c = CONCAT('_', c);
DELETE FROM raw WHERE b = 'aa';
UPDATE visit SET day = DATE_ADD(day, INTERVAL 1 YEAR) ORDER BY day DESC;
