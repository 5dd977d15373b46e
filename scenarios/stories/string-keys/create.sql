CREATE TABLE word (w VARCHAR(40) PRIMARY KEY, n INT) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
INSERT INTO word
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
SELECT CONCAT(CHAR(97 + i % 26), 'Word', i), i FROM n;
INSERT INTO word VALUES ('Äpfel', 1), ('zürich', 2), ('ß', 3), ('日本', 4), ('😀', 5), ('', 6), ('é', 7);
CREATE TABLE code (c VARCHAR(20) PRIMARY KEY, n INT) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
INSERT INTO code VALUES ('a', 1), ('A', 2), ('ä', 3), ('Ä', 4), ('ß', 5), ('ss', 6), ('z', 7), ('Z', 8), ('0', 9), ('é', 10);
INSERT INTO code
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
SELECT CONCAT(IF(i % 2, 'k', 'K'), i), i FROM n;
CREATE TABLE raw (b VARBINARY(20), n SMALLINT UNSIGNED, v INT, PRIMARY KEY (b, n));
INSERT INTO raw
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
SELECT CHAR(i * 4), 65535 - i, i FROM n;
INSERT INTO raw VALUES ('', 0, 1), ('a', 0, 2), ('a ', 0, 3), ('A', 0, 4), (x'00', 0, 5), (x'0000', 0, 6), (x'ffff', 0, 7);
CREATE TABLE visit (day DATE, region CHAR(3) CHARACTER SET latin1, seq BIGINT, hits INT, PRIMARY KEY (day, region, seq));
INSERT INTO visit
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
SELECT DATE_ADD('2026-01-01', INTERVAL i % 5 DAY), ELT(1 + i % 3, 'eu', 'us', 'jp'), -i, i FROM n;
