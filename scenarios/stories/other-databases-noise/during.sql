-- at: before chunk 2 of item
TRUNCATE TABLE ${db}_noise.item;
USE ${db}_noise;
INSERT INTO item VALUES (1, -1);
ALTER TABLE item ADD COLUMN w INT FIRST;
DROP TABLE item;
USE ${db};
UPDATE item SET v = v + 1000 WHERE id > 50;

-- at: before chunk 4 of item
-- session: noise
-- times: 200
INSERT INTO left_out VALUES (@i, @i);
UPDATE left_out SET v = -v WHERE id = @i - 1;

-- at: applying
-- session: noise
CREATE TABLE ${db}_noise.odd (g GEOMETRY, m MULTIPOINT);
INSERT INTO ${db}_noise.odd VALUES (ST_GeomFromText('POINT(1 1)'), NULL);
CREATE TABLE ${db}_noise.memory (id INT) ENGINE = MEMORY;
INSERT INTO ${db}_noise.memory VALUES (1);
DELETE FROM ${db}_noise.memory;
CREATE VIEW ${db}_noise.seen AS SELECT 1 AS one;
CREATE USER IF NOT EXISTS ${db}_visitor IDENTIFIED BY 'x';
DROP USER ${db}_visitor;
UPDATE item i JOIN left_out l ON l.id = i.id SET i.v = i.v + 1, l.v = 0;
FLUSH LOGS;
RENAME TABLE left_out TO left_out_too;
UPDATE item SET v = v + 1 WHERE id = 1;
