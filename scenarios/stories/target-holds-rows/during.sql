-- at: problem
-- on: target
DELETE FROM ${db}.item;

-- at: applying
UPDATE item SET v = 'changed' WHERE id = 2;
