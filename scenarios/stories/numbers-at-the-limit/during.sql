-- at: before chunk 2 of by_decimal
UPDATE number_of SET f = f / 3, d = d / 3, dec_max = dec_max / 7;
UPDATE by_decimal SET k = k * 2 WHERE v > 20 ORDER BY k DESC;
UPDATE by_double SET v = v + 1;

-- at: applying
UPDATE number_of SET f = f * 1.1, d = d * 1.1, bu = bu - 1 WHERE bu > 0 AND id < 18446744073709551615;
UPDATE number_of SET id = 18446744073709551614 WHERE id = 18446744073709551615;
DELETE FROM number_of WHERE id = 9223372036854775808;
UPDATE by_decimal SET v = -v WHERE k < 0;
DELETE FROM by_double WHERE v % 2 = 0;
INSERT INTO by_double VALUES (1e308, 1), (-1e-308, 2);
