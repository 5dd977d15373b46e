CREATE TABLE reading (
    name VARCHAR(20) CHARACTER SET utf8mb4,
    f FLOAT,
    d DOUBLE,
    b VARBINARY(20),
    t TIMESTAMP(6) NULL,
    j JSON,
    big BLOB
);
INSERT INTO reading VALUES
    ('a', 0.1, 0.1, 'x', '2026-01-01 10:00:00.123456', '{"k": 1}', 'blob'),
    ('A', 0.1, 0.1, 'x', '2026-01-01 10:00:00.123456', '{"k": 1}', 'blob'),
    ('a ', 0.1, 0.1, 'x', '2026-01-01 10:00:00.123456', '{"k": 1}', 'blob'),
    ('ä', 16777216, 1e300, 'x\0', NULL, NULL, NULL),
    ('a', 0.1, 0.1, 'x', '2026-01-01 10:00:00.123456', '{"k": 1}', 'blob'),
    (NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    ('', 3.4e38, -1.7e308, '', '1970-01-01 00:00:01', '[1.5, 2]', ''),
    ('minus zero', -0e0, -0e0, 'z', NULL, '0.0', 'z');
