SET SESSION cte_max_recursion_depth = 100000;
CREATE TABLE ledger (id INT PRIMARY KEY, account INT NOT NULL, amount BIGINT NOT NULL, memo VARCHAR(200), KEY ledger_account (account));
INSERT INTO ledger
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
SELECT i, i % 100, i, REPEAT(CHAR(97 + i % 26), 100) FROM n;
