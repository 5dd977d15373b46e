-- at: before chunk 2 of customer
UPDATE customer SET city = 'mitten drin', email = NULL WHERE id IN (5, 45, 85);
UPDATE customer SET email = 'm45@x.example', seen = '0000-00-00 00:00:00' WHERE id = 6;
DELETE FROM customer WHERE id IN (7, 47, 87);
INSERT INTO customer (id, name) VALUES (1000, 'new');
UPDATE visit SET place = CONCAT('ß', place), raw = 0x2020 WHERE customer BETWEEN 30 AND 60;

-- at: applying
UPDATE customer SET name = _latin1 0x818D, city = 'ひらがな', kind = '' WHERE id = 10;
UPDATE customer SET born = '2004-02-29', changed = changed WHERE id = 11;
UPDATE customer SET rate = -0.001, credit = 99999999999999999999.9999999999 WHERE id = 12;
UPDATE customer SET flags = 'b' /*!50708 , doc = '[1, {"x": "\\u00e9"}]' */ /*M!100207 , doc = '[1, {"x": "\\u00e9"}]' */ WHERE id > 90;
UPDATE visit SET note = REPEAT('é', 3000), b = b'101010101' WHERE customer < 5;
REPLACE INTO customer (id, name, email) VALUES (13, 'evicts row 14 and row 13', 'm14@x.example');
INSERT INTO customer (name) VALUES ('numbered by the server');
DELETE FROM visit WHERE customer = 99;
