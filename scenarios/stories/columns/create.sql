CREATE TABLE users (
    id INT PRIMARY KEY,
    nick VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    password VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    born DATE,
    UNIQUE KEY users_nick (nick),
    KEY users_password (password),
    KEY users_born (born, nick)
);
INSERT INTO users
SELECT n, CONCAT('nick', n), IF(n % 7 = 0, NULL, CONCAT('secret', n)), '1990-01-01' + INTERVAL n DAY
FROM (
    SELECT a.n + 10 * b.n AS n
    FROM (SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
        UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) AS a,
        (SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
        UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) AS b
) AS numbers;
CREATE TABLE items (id INT PRIMARY KEY, name VARCHAR(20), cost DECIMAL(8, 2), price DECIMAL(8, 2), KEY items_cost (cost));
INSERT INTO items SELECT id, nick, id, id + 0.5 FROM users WHERE id < 50;
CREATE TABLE sale (id INT PRIMARY KEY, item INT, CONSTRAINT sale_item FOREIGN KEY (item) REFERENCES items (id));
INSERT INTO sale VALUES (1, 1), (2, 2), (3, NULL);
CREATE TABLE seen (v INT, hidden VARCHAR(10), w VARCHAR(10));
INSERT INTO seen VALUES (1, 'a', 'x'), (1, 'b', 'x'), (NULL, 'c', 'y'), (2, NULL, NULL);
CREATE TABLE log_a (id INT PRIMARY KEY, note TEXT, level INT);
INSERT INTO log_a VALUES (1, 'one', 1), (2, 'two', 2);
