-- at: before chunk 2 of broad
UPDATE broad SET e15 = 15, a4 = NULL, f4 = 'b', f6 = '-10:00:00.123' WHERE id % 2 = 0;
UPDATE heavy SET m = REPEAT('m', 1000000) WHERE id = 1;

-- at: applying
UPDATE broad SET f10 = x'00', d16 = id, f8 = '2026-01-01 00:00:00.12' WHERE id % 3 = 0;
UPDATE heavy SET b = CONCAT(b, REPEAT('c', 3000000)) WHERE id <= 2;
INSERT INTO heavy SELECT id + 100, b, t, m FROM heavy WHERE id < 15;
DELETE FROM heavy WHERE id = 2;
