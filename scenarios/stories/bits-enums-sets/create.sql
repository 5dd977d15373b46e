SET SESSION sql_mode = '';
CREATE TABLE flags (
    id INT PRIMARY KEY,
    b1 BIT(1), b8 BIT(8), b17 BIT(17), b64 BIT(64),
    e ENUM('', 'a', 'it''s', 'ü', 'with space', '1'),
    s SET('x', 'y z', 'ä', 'it''s', '0') CHARACTER SET latin1,
    s64 SET('a1','a2','a3','a4','a5','a6','a7','a8','b1','b2','b3','b4','b5','b6','b7','b8','c1','c2','c3','c4','c5','c6','c7','c8',
        'd1','d2','d3','d4','d5','d6','d7','d8','e1','e2','e3','e4','e5','e6','e7','e8','f1','f2','f3','f4','f5','f6','f7','f8',
        'g1','g2','g3','g4','g5','g6','g7','g8','h1','h2','h3','h4','h5','h6','h7','h8')
);
INSERT INTO flags VALUES
    (1, b'1', b'11111111', b'11111111111111111', 0xFFFFFFFFFFFFFFFF, 'ü', 'x,y z,ä,it''s,0', 'a1,h8'),
    (2, b'0', b'0', b'0', 0, '', '', ''),
    (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (4, b'1', b'10000000', b'10000000000000000', 0x8000000000000000, 'it''s', 'it''s', 'h8'),
    (5, b'1', b'1', b'1', 1, 'with space', 'ä', 'c4,g7'),
    (6, b'1', b'1100001', b'110000101100001', 0x6162636465666768, '1', '0', 'd1');
INSERT INTO flags (id, b64, e)
WITH RECURSIVE n (i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 70)
SELECT i, i * 1000003, 1 + i % 6 FROM n;
CREATE TABLE by_enum (e ENUM('z', 'a', 'm'), n INT, v INT, PRIMARY KEY (e, n));
INSERT INTO by_enum SELECT 1 + id % 3, id, id FROM flags;
