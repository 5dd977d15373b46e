-- at: throughout
UPDATE booking SET v = CONCAT('live ', @i) WHERE id = 30;

-- at: before chunk 2 of booking
-- session: one
XA START 'window';
UPDATE booking SET v = 'xa in the window' WHERE id IN (5, 50, 95);
INSERT INTO booking VALUES (1001, 'xa in the window');
XA END 'window';
XA PREPARE 'window';
-- session: two
XA START 'undone';
DELETE FROM booking WHERE id IN (6, 51, 96);
XA END 'undone';
XA PREPARE 'undone';
-- session: main
UPDATE booking SET v = 'plain' WHERE id IN (7, 52, 97);

-- at: before chunk 4 of booking
-- session: one
XA COMMIT 'window';
-- session: two
XA ROLLBACK 'undone';
-- session: one
XA START 'across', 'branch', 7;
UPDATE booking SET v = 'prepared in it, committed behind it' WHERE id IN (8, 53, 98);
XA END 'across', 'branch', 7;
XA PREPARE 'across', 'branch', 7;

-- at: applying
-- times: 30
UPDATE booking SET v = CONCAT('round ', @i) WHERE id = 20;
-- session: one
-- times: 1
XA COMMIT 'across', 'branch', 7;
XA START 'single';
UPDATE booking SET v = 'one phase' WHERE id = 9;
XA END 'single';
XA COMMIT 'single' ONE PHASE;
XA START x'00FF41', x'', 1;
INSERT INTO booking VALUES (1002, 'binary xid');
XA END x'00FF41', x'', 1;
XA PREPARE x'00FF41', x'', 1;
XA COMMIT x'00FF41', x'', 1;
