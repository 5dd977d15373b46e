CREATE TABLE item (id INT PRIMARY KEY, v INT);
INSERT INTO item VALUES (1, 0), (2, 0), (3, 0);
INSERT INTO item SELECT id + 3, v FROM item;
INSERT INTO item SELECT id + 6, v FROM item;
INSERT INTO item SELECT id + 12, v FROM item;
INSERT INTO item SELECT id + 24, v FROM item;
CREATE DATABASE ${db}_beats;
