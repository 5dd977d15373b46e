-- at: before chunk 2 of item
UPDATE item SET v = v + 1 WHERE id % 2 = 0;

-- at: applying
UPDATE item SET v = (SELECT COUNT(*) FROM ${db}_beats.heartbeat WHERE ts > 1700000000) + 1 WHERE id = 1;
DELETE FROM item WHERE v = 1 AND id < 10;
