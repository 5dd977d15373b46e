-- Fills the shop. @rows says about how many rows it gets in all. The same number gives the same rows each time: what looks
-- like chance is the CRC of the row's number.

USE shop;

SET @products = GREATEST(@rows DIV 60, 100),
    @customers = GREATEST(@rows DIV 15, 100),
    @orders = GREATEST(@rows DIV 6, 100),
    @views = GREATEST(@rows DIV 8, 100),
    @clicks = GREATEST(@rows DIV 30, 100),
    @letters = GREATEST(@rows DIV 100, 100),
    @boxes = GREATEST(@rows DIV 150, 100);

SET SESSION cte_max_recursion_depth = 4294967295;

INSERT INTO categories (id, parent_id, name)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
SELECT i,
       IF(i <= 6, NULL, 1 + i MOD 6),
       CONCAT(ELT(1 + i MOD 6, '⛵ Boats', '🧵 Sails', '🪢 Ropes', '🧭 Charts', '🎣 Nets', '🧥 Oilskins'), ' ', i)
FROM n;

INSERT INTO products (sku, name, price, stock, weight, badges, attributes, picture, changed_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @products)
SELECT CONCAT(ELT(1 + i MOD 4, 'BOAT', 'sail', 'Rope', 'NET'), '-', LPAD(i, 6, '0')),
       CONCAT(ELT(1 + i MOD 7, 'Jolle', 'Großsegel', 'Tau', 'Ölzeug', '罗盘', 'Якорь', 'Net 🐟'), ' no. ', i),
       (CRC32(CONCAT('price', i)) MOD 1000000) / 100,
       CRC32(CONCAT('stock', i)) MOD 500,
       IF(i MOD 11 = 0, NULL, (CRC32(CONCAT('weight', i)) MOD 100000) / 7),
       CRC32(CONCAT('badges', i)) MOD 16,
       JSON_OBJECT('colour', ELT(1 + i MOD 3, 'red', 'blue', '🌈'),
                   'serial', 18446744073709551615 - i,
                   'length', i / 3e0,
                   'parts', JSON_ARRAY(i, NULL, TRUE, CONCAT('part ', i))),
       IF(i MOD 5 = 0, NULL, REPEAT(UNHEX(SHA1(i)), 1 + i MOD 40)),
       FROM_UNIXTIME(1600000000 + i + 0.123456)
FROM n;

INSERT INTO listings (category_id, sku, place)
WITH ranked AS (SELECT sku, ROW_NUMBER() OVER (ORDER BY sku) AS i FROM products),
     twice (step) AS (SELECT 0 UNION ALL SELECT 31)
SELECT 1 + (i + step) MOD 60, sku, i
FROM ranked, twice;

INSERT INTO customers (id, email, card, name, city, country, born, vip, points, created_at, seen_at)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @customers)
SELECT i,
       CONCAT('customer', i, '@', ELT(1 + i MOD 3, 'example.org', 'example.com', 'example.net')),
       IF(i MOD 3 = 0, NULL, 18446744073709551615 - i * 3),
       CONCAT(ELT(1 + i MOD 8, 'Ada', 'Björn', 'Chloë', 'Đorđe', '李娜', 'Фёдор', 'Zoé 🌊', '👩‍🚀 Io'), ' ',
              ELT(1 + i MOD 5, 'Müller', 'O''Brien', 'Ångström', 'García', 'Smith')),
       ELT(1 + i MOD 6, 'Köln', 'Málaga', 'Åbo', 'Besançon', 'York', NULL),
       ELT(1 + i MOD 5, 'DE', 'ES', 'FI', 'FR', 'GB'),
       CASE
           WHEN i MOD 10 = 0 THEN '0000-00-00'
           WHEN i MOD 10 = 1 THEN CONCAT(1950 + i MOD 50, '-00-00')
           WHEN i MOD 97 = 2 THEN '1980-02-30'
           ELSE DATE '1940-01-01' + INTERVAL CRC32(CONCAT('born', i)) MOD 25000 DAY
           END,
       i MOD 20 = 0,
       CRC32(CONCAT('points', i)) MOD 4000000000,
       TIMESTAMP '2015-01-01 00:00:00.000' + INTERVAL i * 1001 MICROSECOND * 1000,
       IF(i MOD 4 = 0, NULL, FROM_UNIXTIME(1500000000 + i * 60))
FROM n;

INSERT INTO addresses (customer_id, kind, street, postcode, location)
WITH kinds (kind, step) AS (SELECT 'home', 1 UNION ALL SELECT 'work', 4)
SELECT id,
       kind,
       CONCAT(ELT(1 + id MOD 4, 'Hafenstraße', 'Rue de l''Été', 'Calle Peñón', 'Skærgårdsvej'), ' ', 1 + id MOD 99),
       CRC32(CONCAT('code', id)) MOD 100000,
       POINT(id MOD 360 - 180.0, id MOD 180 - 90.0)
FROM customers, kinds
WHERE id MOD step = 0;

INSERT INTO orders (id, customer_id, status, flags, total, placed_at, note)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @orders)
SELECT CAST(9223372036854750807 AS UNSIGNED) + i,
       1 + CRC32(CONCAT('customer', i)) MOD @customers,
       1 + i MOD 5,
       i MOD 512,
       (CRC32(CONCAT('total', i)) MOD 100000000) / 100,
       TIMESTAMP '2025-01-01 00:00:00.000000' + INTERVAL i * 600 SECOND + INTERVAL i MICROSECOND,
       IF(i MOD 9 = 0, CONCAT('Please ring twice 🔔 – order ', i, REPEAT('!', i MOD 30)), NULL)
FROM n;

INSERT INTO order_lines (order_id, line, sku, pieces, price)
WITH RECURSIVE
    three (line) AS (SELECT 1 UNION ALL SELECT line + 1 FROM three WHERE line < 3),
    ranked AS (SELECT sku, price, ROW_NUMBER() OVER (ORDER BY sku) AS i FROM products)
SELECT o.id, line, sku, 1 + CRC32(CONCAT('pieces', o.id)) MOD 12, ranked.price
FROM orders AS o
         JOIN three ON line <= 1 + o.id MOD 3
         JOIN ranked ON i = 1 + CRC32(CONCAT(o.id, line)) MOD @products;

INSERT INTO payments (id, order_id, amount, paid_at)
SELECT UNHEX(MD5(id)), id, total, placed_at
FROM orders
WHERE id MOD 4 <> 0;

INSERT INTO shelves (box, room, place)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @boxes)
SELECT i, ELT(1 + i MOD 4, 'A', 'B', 'C', '⚓'), i
FROM n;

INSERT INTO counters (name, value)
VALUES ('orders placed', 0), ('orders cancelled', 0), ('boxes moved', 0), ('Größe', 18446744073709000000),
       ('pages viewed', 0), ('letters answered', 0), ('🎉', 1), ('zero', 0);

INSERT INTO page_views (viewed_on, id, page, seconds)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @views)
SELECT DATE '2026-01-01' + INTERVAL CRC32(CONCAT('view', i)) MOD 130 DAY, i, CONCAT('/products/', i MOD 997, '?ref=⭐'), i / 7
FROM n;

INSERT INTO clicks (at, button, x, y)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @clicks)
-- Ten clicks in a row are the same row ten times.
SELECT TIMESTAMP '2026-03-01 08:00:00' + INTERVAL i DIV 10 SECOND,
       ELT(1 + i DIV 10 MOD 3, 'buy', 'wish 💛', 'back'),
       IF(i DIV 10 MOD 8 = 0, NULL, i DIV 10 MOD 1920),
       i DIV 10 MOD 1080
FROM n;

INSERT INTO letters (number, received, answered, sender, body)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @letters)
SELECT i * 10,
       ELT(1 + i MOD 4, '0000-00-00', '1999-12-00', '2001-02-29', '1999-12-31'),
       IF(i MOD 3 = 0, '0000-00-00 00:00:00', '2002-11-31 23:59:59'),
       CONCAT(ELT(1 + i MOD 5, 'Frau Größer', 'Señor Peña', 'Mme Noël', 'Hr. Ærø', 'Mr Smith'), ' ', i),
       CONCAT('Käse für £', i, ' – „schön"? ¿Qué? ', REPEAT('ÄÖÜß ', i MOD 50))
FROM n;

-- The edges of every type: first nothing, then the least, the most, and the odd ones.
INSERT INTO every_type (id) VALUES (1);

INSERT INTO every_type
VALUES (2, -128, 0, -32768, 0, -8388608, 0, -2147483648, 0, -9223372036854775808, 0, 0,
        -99999999999999999999999999999999999.999999999999999999999999999999, 0, -3.40282e38, -1.7976931348623157e308,
        b'0', b'0', '0000-00-00', '-838:59:59', '-838:59:59.000000', '0000-00-00 00:00:00', '0000-00-00 00:00:00.000000',
        '1970-01-01 00:00:01', '1970-01-01 00:00:01.000000', 0, '', '', '', '', '', '', '', '', '', '', '', '', '', '',
        'small', '', '{}', POINT(0, 0), ST_GeomFromText('LINESTRING(0 0, 1 1)'),
        ST_GeomFromText('POLYGON((0 0, 1 0, 1 1, 0 0))'), ST_GeomFromText('MULTIPOINT(0 0, 1 1)'), POINT(-1, -1),
        ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 1))')),
       (3, 127, 255, 32767, 65535, 8388607, 16777215, 2147483647, 4294967295, 9223372036854775807, 18446744073709551615,
        4294967295, 99999999999999999999999999999999999.999999999999999999999999999999, 9999999999, 3.40282e38,
        1.7976931348623157e308, b'1', b'1111111111111111111111111111111111111111111111111111111111111111', '9999-12-31',
        '838:59:59', '838:59:59.000000', '9999-12-31 23:59:59', '9999-12-31 23:59:59.999999', '2038-01-19 03:14:07',
        '2038-01-19 03:14:07.999999', 2155, '🚢🚢🚢', REPEAT('😀', 200), 'ÄÖÜäöüßÿ£', 'Aa', X'FFFFFFFFFFFFFFFF',
        REPEAT(X'00FF', 100), REPEAT('é', 127), REPEAT('€', 20000), REPEAT('漢', 40000), REPEAT('🚢', 50000),
        REPEAT(X'00', 255), REPEAT(X'0A0D27225C', 13107), REPEAT(X'1A', 100000), REPEAT(X'DEADBEEF', 50000), 'riesig ß',
        'red,green,blue,ultraviolet',
        '{"big": 18446744073709551615, "low": -9223372036854775808, "pi": 3.141592653589793, "tiny": 5e-324, "text": "\\u0000\\"🚢"}',
        POINT(180, 90), ST_GeomFromText('LINESTRING(-1.5 2.5, 3 4, 5 6)'),
        ST_GeomFromText('POLYGON((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 2 1, 2 2, 1 1))'),
        ST_GeomFromText('MULTIPOINT(1 2, 3 4, 5 6)'), ST_GeomFromText('LINESTRING(0 0, 0 1e-300)'),
        ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 1), LINESTRING(0 0, 2 2))'));

INSERT INTO every_type (id, a_float, a_double, a_decimal, a_date, a_time6, a_datetime6, a_timestamp, a_year, a_char, a_varchar,
                        a_binary, a_json)
VALUES (4, -0.0, -0.0, 0.000000000000000000000000000001, '2024-02-30', '-00:00:00.000001', '2024-00-00 12:00:00.5',
        '0000-00-00 00:00:00', 1901, 'trailing', 'trailing  ', X'00', 'null'),
       (5, 1.17549e-38, 2.2250738585072014e-308, -1, '0001-01-01', '00:00:00.999999', '1000-01-01 00:00:00.000001', NULL, 1970,
        'back\\slash', 'quote''s "two"', 'a', '[1, 1.0, 1e0, true, null, "x"]');

INSERT INTO every_type (id, a_tinyint, a_utinyint, an_int, a_uint, a_ubigint, a_decimal, a_float, a_double, a_bit64, a_date, a_time6,
                        a_datetime6, a_timestamp6, a_year, a_char, a_varchar, a_latin1, a_varbinary, a_text, a_blob, an_enum, a_set,
                        a_json, a_point)
WITH RECURSIVE n (i) AS (SELECT 6 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
SELECT i, i MOD 256 - 128, i MOD 256, i * -4000000, i * 8000000, 18446744073709551615 - i, i / 7, i / 9, EXP(i / 2), i * 36028797018963,
       DATE '1000-01-01' + INTERVAL i * 4000 DAY, SEC_TO_TIME(i * 1000.000001), TIMESTAMP '2000-01-01 00:00:00.000001' + INTERVAL i HOUR,
       FROM_UNIXTIME(i * 3000000 + 0.000001), 1901 + i MOD 250, CONCAT('row ', i), REPEAT('ß', i MOD 200), CONCAT('é', i),
       UNHEX(SHA1(i)), REPEAT('lorem ipsum 🚢 ', i MOD 80), REPEAT(UNHEX(MD5(i)), i MOD 60), 1 + i MOD 4, i MOD 16,
       JSON_OBJECT('i', i, 'half', i / 2e0), POINT(i, -i)
FROM n;
