-- at: before chunk 2 of meeting
SET SESSION time_zone = '-11:30';
UPDATE meeting SET ts = '2026-01-01 00:00:00', dt = '2026-01-01 00:00:00' WHERE id IN (1, 50);
UPDATE meeting SET ts = ADDTIME(ts, '1:00:00'), dt = ADDTIME(dt, '1:00:00') WHERE id > 80;

-- at: before chunk 2 of by_moment
SET SESSION time_zone = '+13:00';
UPDATE by_moment SET ts = ADDTIME(ts, '0:00:00.001');

-- at: applying
SET SESSION time_zone = '-05:00';
UPDATE meeting SET ts = '2026-07-07 07:07:07.7', dt = '2026-07-07 07:07:07.7', v = 'minus five' WHERE id % 3 = 0;
-- session: other
SET SESSION time_zone = '+09:30';
UPDATE meeting SET ts = '2026-07-07 07:07:07.7', dt = '2026-07-07 07:07:07.7', v = 'plus nine thirty' WHERE id % 3 = 1;
INSERT INTO meeting VALUES (1000, NOW(6), NOW(6), 'now');
DELETE FROM by_moment WHERE v % 2 = 0;
