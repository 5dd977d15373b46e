SET SESSION sql_mode = 'NO_ENGINE_SUBSTITUTION';
CREATE TABLE customer (
    id INT UNSIGNED NOT NULL AUTO_INCREMENT,
    name VARCHAR(60) CHARACTER SET latin1 NOT NULL DEFAULT '',
    city VARCHAR(60) CHARACTER SET utf8 DEFAULT NULL,
    email VARCHAR(80) CHARACTER SET utf8mb4 /*M!101001 COLLATE utf8mb4_uca1400_ai_ci */ DEFAULT NULL,
    born DATE NOT NULL DEFAULT '0000-00-00',
    seen DATETIME NOT NULL DEFAULT '0000-00-00 00:00:00',
    changed TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    made TIMESTAMP NULL DEFAULT NULL,
    kind ENUM('', 'small', 'large') CHARACTER SET latin1 NOT NULL DEFAULT 'small',
    flags SET('a', 'b', 'c') NOT NULL DEFAULT '',
    rate FLOAT(7, 3) DEFAULT NULL,
    credit DECIMAL(30, 10) UNSIGNED ZEROFILL DEFAULT NULL,
    year_of YEAR NOT NULL DEFAULT '2000',
    /*!50708 doc JSON, */
    /*M!100207 doc JSON, */
    PRIMARY KEY (id),
    UNIQUE KEY customer_email (email),
    KEY customer_city (city (10), kind)
) ENGINE = InnoDB DEFAULT CHARACTER SET latin1 COMMENT = 'as it was';
INSERT INTO customer (id, name, city, email, rate, credit)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
SELECT i, CONCAT('n', i), CONCAT('Ort ', i), CONCAT('m', i, '@x.example'), i / 7, i * 1.000000001 FROM n;
UPDATE customer SET name = _latin1 0x80818D8F909D9F, city = 'Zürich 日本', email = 'smile😀' WHERE id = 1;
UPDATE customer SET born = '1999-12-31', seen = '2001-02-03 04:05:06', made = '1970-01-01 12:00:01', kind = '', flags = 'a,c' WHERE id = 2;
UPDATE customer SET kind = 'large', year_of = 1901 /*!50708 , doc = '{"b": [1, 2.5, "ü"], "a": null}' */ /*M!100207 , doc = '{"b": [1, 2.5, "ü"], "a": null}' */ WHERE id < 50;
CREATE TABLE visit (
    customer INT UNSIGNED NOT NULL,
    at_time TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    note TEXT CHARACTER SET utf8 COLLATE utf8_unicode_ci,
    raw BINARY(4) NOT NULL,
    b BIT(9) DEFAULT b'1',
    place VARCHAR(30) CHARACTER SET utf8 COLLATE utf8_bin NOT NULL,
    PRIMARY KEY (customer, place),
    KEY visit_note (note (20))
) ENGINE = InnoDB;
INSERT INTO visit (customer, note, raw, place)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
SELECT i, CONCAT('note ', i), 0x61, CONCAT('p', i) FROM n;
