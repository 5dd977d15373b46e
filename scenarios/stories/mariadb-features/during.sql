-- at: before chunk 2 of page
SET gtid_domain_id = 5;
UPDATE page SET title = CONCAT(title, ' in domain 5'), body = REPEAT('x', 900) WHERE id IN (3, 30, 90);
SET gtid_domain_id = 0;
UPDATE page SET raw = NULL, doc = JSON_SET(doc, '$.new', 'ü') WHERE id IN (3, 31, 91);
INSERT INTO page (id, title, hidden) VALUES (NEXT VALUE FOR counter, 'numbered', 8);
DELETE FROM word WHERE n IN (10, 50, 95) RETURNING n;
UPDATE word SET w = CONCAT(w, 'ß') WHERE n BETWEEN 40 AND 60;

-- session: other
SET gtid_domain_id = 9;
UPDATE old_times SET t3 = '837:59:59.999', d6 = '0001-01-01 00:00:00.000001', s6 = NULL WHERE id IN (4, 34, 94);

-- at: applying
SET STATEMENT max_statement_time = 20 FOR UPDATE page SET part = -12345678901234567890123456789012345.12345 WHERE id = 5;
SET gtid_domain_id = 5;
UPDATE page SET title = 'ünïque', token = 'new' WHERE id = 6;
SET gtid_domain_id = 0;
UPDATE word SET w = UPPER(w) WHERE n < 20;
UPDATE old_times SET t = '-00:00:01', s = '1970-01-01 00:00:01', s6 = '2030-01-01 00:00:00.654321', j = '0000-00-00' WHERE id < 10;
UPDATE old_times SET t1 = '-00:00:00.1', t6 = '-837:59:59.999999', d3 = '0000-00-00 00:00:00.000', s2 = '2026-12-31 23:59:59.99', s5 = '1970-01-01 00:00:01.00001' WHERE id > 50;
UPDATE old_times SET t1 = '00:00:09.9', t6 = '00:00:00.000001', d3 = '9999-12-31 23:59:59.999', s2 = '0000-00-00 00:00:00.00' WHERE id > 60;
SET SESSION binlog_alter_two_phase = ON;
ALTER TABLE word ADD COLUMN m INT DEFAULT 3;
SET SESSION binlog_alter_two_phase = OFF;
UPDATE word SET m = n WHERE n > 90;
CREATE OR REPLACE TABLE fresh (id INT PRIMARY KEY, v VARCHAR(10));
INSERT INTO fresh VALUES (1, 'one') RETURNING id;
CREATE OR REPLACE TABLE fresh (id INT PRIMARY KEY, v VARCHAR(10), w INT);
INSERT INTO fresh VALUES (2, 'two', 2);
ALTER TABLE word DROP COLUMN IF EXISTS nothing;
