-- at: applying
ALTER TABLE token ADD UNIQUE KEY token_t (t);
INSERT INTO token VALUES (3, 'b');
ALTER TABLE token ADD COLUMN n INT, ADD COLUMN m INT DEFAULT 7, ADD KEY token_n (n);
UPDATE token SET n = id, m = 8 WHERE id > 1;
