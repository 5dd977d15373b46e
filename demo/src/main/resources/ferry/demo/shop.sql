-- The shop as it grew over the years: fourteen tables that hold what makes a migration hard.
-- Keys: numbers beyond 2^63, strings, bytes, several columns, none. Text: emoji, and latin1 from an older shop.
-- Dates that do not exist, and every column type that the OceanBase kernel knows.

-- The mode of the old days: it lets zero dates, partial dates and the thirtieth of February in.
SET SESSION sql_mode = 'NO_ENGINE_SUBSTITUTION,ALLOW_INVALID_DATES', time_zone = '+00:00';

CREATE DATABASE shop CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci;

USE shop;

-- A tree: its foreign key points into the table itself.
CREATE TABLE categories (
    id        SMALLINT UNSIGNED NOT NULL AUTO_INCREMENT,
    parent_id SMALLINT UNSIGNED,
    name      VARCHAR(60)       NOT NULL COMMENT 'shown with its emoji',
    PRIMARY KEY (id),
    CONSTRAINT categories_parent FOREIGN KEY (parent_id) REFERENCES categories (id) ON DELETE RESTRICT
);

-- A string key, JSON and a picture.
CREATE TABLE products (
    sku        VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    name       VARCHAR(120)                                      NOT NULL,
    price      DECIMAL(12, 2)                                    NOT NULL,
    stock      INT                                               NOT NULL DEFAULT 0,
    weight     DOUBLE,
    badges     SET ('new', 'sale', 'last one', 'handmade')       NOT NULL DEFAULT '',
    attributes JSON,
    picture    BLOB,
    changed_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
    PRIMARY KEY (sku),
    KEY products_price (price DESC),
    KEY products_name (name(20))
);

-- A key of two columns, each of them a foreign key.
CREATE TABLE listings (
    category_id SMALLINT UNSIGNED                                 NOT NULL,
    sku         VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    place       INT                                               NOT NULL,
    PRIMARY KEY (category_id, sku),
    CONSTRAINT listings_category FOREIGN KEY (category_id) REFERENCES categories (id) ON DELETE RESTRICT,
    CONSTRAINT listings_product FOREIGN KEY (sku) REFERENCES products (sku) ON DELETE RESTRICT
);

-- Two unique keys besides the primary one; names with emoji, a city in latin1, birthdays that were typed in by hand.
CREATE TABLE customers (
    id         INT UNSIGNED  NOT NULL AUTO_INCREMENT,
    email      VARCHAR(120)  NOT NULL,
    card       BIGINT UNSIGNED COMMENT 'number of the customer card',
    name       VARCHAR(80)   NOT NULL,
    city       VARCHAR(60) CHARACTER SET latin1 COLLATE latin1_german1_ci,
    country    CHAR(2) CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL DEFAULT 'DE',
    born       DATE          NOT NULL DEFAULT '0000-00-00',
    vip        TINYINT(1)    NOT NULL DEFAULT 0,
    points     INT UNSIGNED  NOT NULL DEFAULT 0,
    created_at DATETIME(3)   NOT NULL,
    seen_at    TIMESTAMP     NULL,
    PRIMARY KEY (id),
    UNIQUE KEY customers_email (email),
    UNIQUE KEY customers_card (card)
);

-- A key of a number and an ENUM, and a place on the map.
CREATE TABLE addresses (
    customer_id INT UNSIGNED                        NOT NULL,
    kind        ENUM ('home', 'work', 'gift to')    NOT NULL,
    street      VARCHAR(100) CHARACTER SET latin1   NOT NULL,
    postcode    MEDIUMINT(5) UNSIGNED ZEROFILL      NOT NULL,
    location    POINT                               NOT NULL,
    PRIMARY KEY (customer_id, kind),
    CONSTRAINT addresses_customer FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE RESTRICT
);

-- Order numbers that no signed 64-bit number can hold.
CREATE TABLE orders (
    id          BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    customer_id INT UNSIGNED    NOT NULL,
    status      ENUM ('cart', 'paid', 'packed', 'sent', 'returned') NOT NULL DEFAULT 'cart',
    flags       BIT(9)          NOT NULL DEFAULT b'0',
    total       DECIMAL(14, 2)  NOT NULL DEFAULT 0,
    placed_at   DATETIME(6)     NOT NULL,
    note        TEXT,
    PRIMARY KEY (id),
    KEY orders_status (status, placed_at),
    CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE RESTRICT
) AUTO_INCREMENT = 9223372036854750808;

-- A key of two columns and a column that is computed from others.
CREATE TABLE order_lines (
    order_id BIGINT UNSIGNED                                   NOT NULL,
    line     TINYINT UNSIGNED                                  NOT NULL,
    sku      VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    pieces   SMALLINT UNSIGNED                                 NOT NULL,
    price    DECIMAL(12, 2)                                    NOT NULL,
    amount   DECIMAL(16, 2) GENERATED ALWAYS AS (pieces * price) STORED,
    PRIMARY KEY (order_id, line),
    CONSTRAINT order_lines_order FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE RESTRICT,
    CONSTRAINT order_lines_product FOREIGN KEY (sku) REFERENCES products (sku) ON DELETE RESTRICT
);

-- A key of sixteen bytes in no order at all.
CREATE TABLE payments (
    id       BINARY(16)      NOT NULL,
    order_id BIGINT UNSIGNED NOT NULL,
    amount   DECIMAL(14, 2)  NOT NULL,
    paid_at  TIMESTAMP(3)    NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    PRIMARY KEY (id),
    KEY payments_order (order_id),
    CONSTRAINT payments_order FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE RESTRICT
);

-- Boxes change places all day: two rows swap their values of the unique key in one transaction.
CREATE TABLE shelves (
    box   INT          NOT NULL AUTO_INCREMENT,
    room  CHAR(4)      NOT NULL,
    place INT          NOT NULL,
    moves INT UNSIGNED NOT NULL DEFAULT 0,
    PRIMARY KEY (box),
    UNIQUE KEY shelves_place (room, place)
);

-- A few rows that everybody changes.
CREATE TABLE counters (
    name  VARCHAR(40)     NOT NULL,
    value BIGINT UNSIGNED NOT NULL DEFAULT 0,
    PRIMARY KEY (name)
);

-- One partition for each month.
CREATE TABLE page_views (
    viewed_on DATE         NOT NULL,
    id        INT UNSIGNED NOT NULL,
    page      VARCHAR(120) NOT NULL,
    seconds   FLOAT,
    PRIMARY KEY (viewed_on, id)
) PARTITION BY RANGE COLUMNS (viewed_on) (
    PARTITION january VALUES LESS THAN ('2026-02-01'),
    PARTITION february VALUES LESS THAN ('2026-03-01'),
    PARTITION march VALUES LESS THAN ('2026-04-01'),
    PARTITION later VALUES LESS THAN (MAXVALUE)
);

-- No key at all, and rows that stand there twice.
CREATE TABLE clicks (
    at     DATETIME     NOT NULL,
    button VARCHAR(30)  NOT NULL,
    x      SMALLINT,
    y      SMALLINT
);

-- What the old shop left behind: all of it in latin1, with dates that no calendar has.
CREATE TABLE letters (
    number     INT          NOT NULL,
    received   DATE         NOT NULL,
    answered   DATETIME     NOT NULL DEFAULT '0000-00-00 00:00:00',
    sender     VARCHAR(80)  NOT NULL,
    body       TEXT,
    PRIMARY KEY (number),
    KEY letters_sender (sender)
) DEFAULT CHARACTER SET latin1;

-- Every type.
CREATE TABLE every_type (
    id            INT NOT NULL AUTO_INCREMENT,
    a_tinyint     TINYINT,
    a_utinyint    TINYINT UNSIGNED,
    a_smallint    SMALLINT,
    a_usmallint   SMALLINT UNSIGNED,
    a_mediumint   MEDIUMINT,
    a_umediumint  MEDIUMINT UNSIGNED,
    an_int        INT,
    a_uint        INT UNSIGNED,
    a_bigint      BIGINT,
    a_ubigint     BIGINT UNSIGNED,
    a_zerofill    INT(8) UNSIGNED ZEROFILL,
    a_decimal     DECIMAL(65, 30),
    a_udecimal    DECIMAL(10, 0) UNSIGNED,
    a_float       FLOAT,
    a_double      DOUBLE,
    a_bit         BIT(1),
    a_bit64       BIT(64),
    a_date        DATE,
    a_time        TIME,
    a_time6       TIME(6),
    a_datetime    DATETIME,
    a_datetime6   DATETIME(6),
    a_timestamp   TIMESTAMP NULL,
    a_timestamp6  TIMESTAMP(6) NULL,
    a_year        YEAR,
    a_char        CHAR(20),
    a_varchar     VARCHAR(200),
    a_latin1      VARCHAR(40) CHARACTER SET latin1,
    a_bin_text    VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    a_binary      BINARY(8),
    a_varbinary   VARBINARY(200),
    a_tinytext    TINYTEXT,
    a_text        TEXT,
    a_mediumtext  MEDIUMTEXT,
    a_longtext    LONGTEXT,
    a_tinyblob    TINYBLOB,
    a_blob        BLOB,
    a_mediumblob  MEDIUMBLOB,
    a_longblob    LONGBLOB,
    an_enum       ENUM ('small', 'large', 'größer', 'riesig ß'),
    a_set         SET ('red', 'green', 'blue', 'ultraviolet'),
    a_json        JSON,
    a_point       POINT,
    a_linestring  LINESTRING,
    a_polygon     POLYGON,
    a_multipoint  MULTIPOINT,
    a_geometry    GEOMETRY,
    a_collection  GEOMETRYCOLLECTION,
    PRIMARY KEY (id)
);
