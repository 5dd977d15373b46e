CREATE TABLE item (id INT PRIMARY KEY, v VARCHAR(20));
INSERT INTO item VALUES (1, 'source'), (2, 'source');
-- on: target
CREATE DATABASE ${db};
CREATE TABLE ${db}.item (id INT PRIMARY KEY, v VARCHAR(20));
INSERT INTO ${db}.item VALUES (1, 'somebody''s'), (7, 'somebody''s');
