CREATE TABLE line (
    id INT PRIMARY KEY,
    amount INT NOT NULL,
    total DECIMAL(12, 2) GENERATED ALWAYS AS (amount * price) STORED,
    price DECIMAL(10, 2) NOT NULL,
    label VARCHAR(60) GENERATED ALWAYS AS (CONCAT(name, '/', amount)) VIRTUAL,
    name VARCHAR(20) NOT NULL,
    UNIQUE KEY line_total (total, id),
    KEY line_label (label)
);
INSERT INTO line (id, amount, price, name)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 80)
SELECT i, i, i / 4, CONCAT('n', i) FROM n;
