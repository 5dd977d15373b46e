CREATE TABLE token (t VARCHAR(20) PRIMARY KEY, n INT) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_as_cs;
INSERT INTO token VALUES ('a', 1), ('a ', 2), ('A', 3), ('e', 4), ('é', 5), ('E', 6), ('ss', 7), ('ß', 8);
