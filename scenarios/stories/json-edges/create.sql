CREATE TABLE doc (id INT PRIMARY KEY, j JSON, note VARCHAR(40));
INSERT INTO doc VALUES
    (1, '{}', 'empty object'), (2, '[]', 'empty array'), (3, 'null', 'json null'), (4, NULL, 'sql null'),
    (5, '18446744073709551615', 'unsigned'), (6, '-9223372036854775808', 'least'), (7, '9223372036854775807', 'most'),
    (8, '1.0', 'double'), (9, '1e300', 'large double'), (10, '0.1', 'tenth'), (11, '-0.0', 'minus zero'),
    (12, '""', 'empty string'), (13, '"smile 😀 \\u00e9 \\" \\\\ \\n"', 'escapes'), (14, 'true', 'true'), (15, 'false', 'false'),
    (16, '{"b": 1, "a": 2, "aa": 3, "": 4}', 'key order'), (17, '[[[[[[[[[[1]]]]]]]]]]', 'deep'),
    (18, '{"a": {"b": [1, 2.5, "x", null, true, {"c": []}]}}', 'mixed'),
    (19, '12345678901234567890123', 'beyond 64 bits'), (20, '[65535, 65536, 32768, -32769, 4294967296]', 'widths');
INSERT INTO doc SELECT 21, JSON_OBJECT('big', REPEAT('x', 70000), 'n', 1), 'large offsets';
INSERT INTO doc SELECT 22, JSON_ARRAY(CAST('2026-01-01 10:00:00.123456' AS DATETIME(6)), CAST('2026-01-01' AS DATE), CAST('-10:00:00' AS TIME)), 'times';
INSERT INTO doc (id, j)
WITH RECURSIVE n (i) AS (SELECT 30 UNION ALL SELECT i + 1 FROM n WHERE i < 80)
SELECT i, JSON_OBJECT('i', i, 'half', i / 2e0, 'text', CONCAT('t', i)) FROM n;
