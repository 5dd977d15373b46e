CREATE TABLE zcustomer (id INT PRIMARY KEY, name VARCHAR(20), favorite INT);
CREATE TABLE aorder (
    id INT PRIMARY KEY,
    customer INT NOT NULL,
    previous INT,
    CONSTRAINT aorder_customer FOREIGN KEY (customer) REFERENCES zcustomer (id),
    CONSTRAINT aorder_previous FOREIGN KEY (previous) REFERENCES aorder (id)
);
INSERT INTO zcustomer
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
SELECT i, CONCAT('c', i), NULL FROM n;
INSERT INTO aorder SELECT id, 61 - id, IF(id > 1, id - 1, NULL) FROM zcustomer ORDER BY id;
ALTER TABLE zcustomer ADD CONSTRAINT zcustomer_favorite FOREIGN KEY (favorite) REFERENCES aorder (id);
UPDATE zcustomer SET favorite = id WHERE id % 2 = 0;
