CREATE SEQUENCE counter START WITH 1000;
CREATE TABLE page (
    id INT PRIMARY KEY DEFAULT 0,
    title VARCHAR(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_uca1400_ai_ci NOT NULL,
    body TEXT CHARACTER SET utf8mb4,
    raw VARBINARY(2000),
    doc JSON,
    length_of INT AS (CHAR_LENGTH(body)) VIRTUAL,
    upper_title VARCHAR(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci AS (UPPER(title)) PERSISTENT,
    hidden INT INVISIBLE DEFAULT 7,
    token VARCHAR(40) DEFAULT UUID(),
    made DATETIME(3) DEFAULT (NOW(3) + INTERVAL 1 DAY),
    part DECIMAL(40, 5),
    UNIQUE KEY page_title (title),
    CHECK (id < 1000000)
);
INSERT INTO page (id, title, body, raw, doc)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
SELECT i, CONCAT('t', i), REPEAT(CONCAT('body ', i, ' ä '), 40), REPEAT(CHAR(i), 300), JSON_OBJECT('i', i, 'half', i / 2) FROM n;
CREATE TABLE word (w VARCHAR(30) CHARACTER SET utf8mb4 COLLATE utf8mb4_uca1400_ai_ci, n INT, PRIMARY KEY (w, n));
INSERT INTO word
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
SELECT CONCAT(ELT(1 + i % 5, 'straße', 'Strasse', 'œuvre', 'Ångström', 'zebra'), i % 17), i FROM n;
SET GLOBAL mysql56_temporal_format = OFF;
CREATE TABLE old_times (id INT PRIMARY KEY, t TIME, t3 TIME(3), d DATETIME, d6 DATETIME(6), s TIMESTAMP NULL, s6 TIMESTAMP(6) NULL, j DATE,
    t1 TIME(1), t6 TIME(6), d3 DATETIME(3), s2 TIMESTAMP(2) NULL, s5 TIMESTAMP(5) NULL);
SET GLOBAL mysql56_temporal_format = ON;
INSERT INTO old_times (id, t, t3, d, d6, s, s6, j)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
SELECT i, SEC_TO_TIME(i * 1000 - 50000), '-12:34:56.789', '2026-01-01 10:00:00', '1999-12-31 23:59:59.999999', '2001-09-09 01:46:40', '2026-01-01 10:00:00.000001', '2026-02-28' FROM n;
