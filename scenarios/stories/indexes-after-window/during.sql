-- at: applying
ALTER TABLE part DROP INDEX part_serial;
UPDATE part SET serial = 'same' WHERE id < 10;
CREATE INDEX part_size ON part (size, id);
UPDATE part SET serial = CONCAT('n', id), size = id;
CREATE UNIQUE INDEX part_serial_again ON part (serial);
ALTER TABLE part ADD UNIQUE KEY part_size_once (size);
UPDATE part SET size = -size;
DROP INDEX part_size ON part;
ALTER TABLE part RENAME INDEX part_serial_again TO part_serial_renamed;
INSERT INTO part VALUES (101, 's101', 1);
